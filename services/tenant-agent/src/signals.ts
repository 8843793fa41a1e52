/** Things that happen in one part of the agent and matter to others. */
export type AgentSignal = "secrets-changed" | "policy-changed" | "gateway-connected" | "outbox-filled" | "tools-on";

export interface Signals {
  on(signal: AgentSignal, listener: () => void): void;
  raise(signal: AgentSignal): void;
}

export function createSignals(): Signals {
  const listeners: { signal: AgentSignal; listener: () => void }[] = [];
  return {
    on(signal, listener) {
      listeners.push({ signal, listener });
    },
    raise(signal) {
      for (const entry of listeners) if (entry.signal === signal) entry.listener();
    },
  };
}
