import type { WrapperCheckIn } from "@berth/contracts";
import type { AgentClient } from "./agent-client.ts";
import type { UsageCount } from "./usage-count.ts";

export interface CheckIn {
  /** True when the agent answered within the last three rounds. */
  agentIsThere(): boolean;
  stop(): void;
}

/** Tells the agent every few seconds that the wrapper is alive, what it registered and what the gateway counted. */
export function startCheckIn(input: {
  agent: AgentClient;
  usage: UsageCount;
  facts: Omit<WrapperCheckIn, "usage" | "pid">;
  intervalMs?: number;
}): CheckIn {
  const intervalMs = input.intervalMs ?? 3000;
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  let busy = false;
  const round = async () => {
    if (busy) return;
    busy = true;
    const usage = input.usage.take();
    try {
      await input.agent.checkIn({ ...input.facts, pid: process.pid, usage });
      answeredAtMs = performance.now();
    } catch {
      input.usage.restore(usage);
    } finally {
      busy = false;
    }
  };
  void round();
  const timer = setInterval(() => void round(), intervalMs).unref();
  return {
    agentIsThere: () => performance.now() - answeredAtMs < 3 * intervalMs,
    stop: () => clearInterval(timer),
  };
}
