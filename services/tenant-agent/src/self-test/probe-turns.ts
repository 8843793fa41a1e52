import { GatewayChatEvent, textOf } from "../gateway/gateway-frames.ts";
import { isProbeSession } from "../gateway/sessions.ts";

/** Watches the gateway's events for the end of the self-test's own turns. */
export function createProbeTurns() {
  const waiting = new Map<string, (done: boolean) => void>();
  return {
    /** Resolves to true when the turn with this nonce ended as the proxy ends it, to false at the deadline. */
    expect(nonce: string, timeoutMs: number): Promise<boolean> {
      const answer = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => answer.resolve(false), timeoutMs);
      waiting.set(nonce, answer.resolve);
      return answer.promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(nonce);
      });
    },
    /** The gateway came back: the end of a turn that it was in the middle of will never be told. */
    abandon(): void {
      for (const resolve of waiting.values()) resolve(false);
    },
    onEvent(event: string, payload: unknown): void {
      const parsed = event === "chat" ? GatewayChatEvent.safeParse(payload) : null;
      if (!parsed?.success || !isProbeSession(parsed.data.sessionKey) || parsed.data.state !== "final") return;
      const text = textOf(parsed.data.message?.content);
      for (const [nonce, resolve] of waiting) if (text.includes(`gate-probe-done ${nonce}`)) resolve(true);
    },
  };
}
export type ProbeTurns = ReturnType<typeof createProbeTurns>;
