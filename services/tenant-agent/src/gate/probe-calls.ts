import type { Clock } from "@berth/platform";
import { gateProbeCommand } from "@berth/policy";

const lifeMs = 120_000;
const twinPattern = /^echo berth-gate-twin-([A-Za-z0-9_-]{16,64})$/;
const probePattern = new RegExp(`^${gateProbeCommand} ([A-Za-z0-9_-]{16,64})$`);

export const twinCommand = (nonce: string): string => `echo berth-gate-twin-${nonce}`;
export const probeCommand = (nonce: string): string => `${gateProbeCommand} ${nonce}`;

/** The self-test's own calls that are under way, and what became of them. */
export function createProbeCalls(clock: Clock) {
  const open = new Map<string, number>();
  const reached = new Set<string>();
  const nonceOf = (pattern: RegExp, command: unknown): string | null => {
    const nonce = typeof command === "string" ? (pattern.exec(command)?.[1] ?? null) : null;
    return nonce !== null && (open.get(nonce) ?? 0) > clock.now() ? nonce : null;
  };
  return {
    begin(nonce: string): void {
      open.set(nonce, clock.now() + lifeMs);
    },
    end(nonce: string): void {
      open.delete(nonce);
      reached.delete(nonce);
    },
    /** The harmless twin of a test that is running now: it may run while tools are off, or they could never come on again. */
    isTwin: (command: unknown): boolean => nonceOf(twinPattern, command) !== null,
    /** Notes that a call got as far as the executor. */
    noteExecution(command: unknown): void {
      const nonce = nonceOf(probePattern, command) ?? nonceOf(twinPattern, command);
      if (nonce !== null) reached.add(nonce);
    },
    reachedExecutor: (nonce: string): boolean => reached.has(nonce),
  };
}
export type ProbeCalls = ReturnType<typeof createProbeCalls>;
