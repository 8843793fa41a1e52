import type { ProbeTurn } from "@berth/contracts";
import type { Clock } from "@berth/platform";
import type { Turn } from "./llm/wire-format.ts";

/** Turns of the gate's self-test: answered here, by the nonce that the agent put into its message. */
export interface Probes {
  register(probe: ProbeTurn): void;
  /** The canned answer if the request carries a nonce of ours: first the call, from then on the closing text. */
  answerTo(requestText: string): Turn | null;
}

/** A request with the nonce must not go upstream later either, so a probe outlives its answers. */
const lifetimeMs = 15 * 60_000;
const probesMax = 64;

export function createProbes(clock: Clock): Probes {
  const probes = new Map<string, { probe: ProbeTurn; called: boolean; expiresAtMs: number }>();
  return {
    register(probe) {
      const now = clock.now();
      for (const [nonce, { expiresAtMs }] of probes) if (expiresAtMs <= now) probes.delete(nonce);
      const [oldest] = probes.keys();
      if (probes.size >= probesMax && oldest !== undefined) probes.delete(oldest);
      probes.set(probe.nonce, { probe, called: false, expiresAtMs: now + lifetimeMs });
    },
    answerTo(requestText) {
      for (const entry of probes.values()) {
        if (entry.expiresAtMs <= clock.now() || !requestText.includes(entry.probe.nonce)) continue;
        if (entry.called) return { text: `gate-probe-done ${entry.probe.nonce}` };
        entry.called = true;
        return { tool: entry.probe.tool, args: entry.probe.args };
      }
      return null;
    },
  };
}
