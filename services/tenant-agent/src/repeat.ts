import { setTimeout as delay } from "node:timers/promises";
import type { AgentDeps } from "./deps.ts";

/** Exponential backoff with full jitter above the half, in milliseconds. `attempt` counts from 1. */
export function backoffMs({ random, timing }: Pick<AgentDeps, "random" | "timing">, attempt: number): number {
  const ceiling = Math.min(timing.retryMaxMs, timing.retryMinMs * 2 ** Math.min(attempt - 1, 20));
  return Math.round(ceiling * (0.5 + random() / 2));
}

/** Waits, or returns false at once when `signal` is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

export interface Repeater {
  /** Runs the next round now instead of at its time. */
  hurry(): void;
  stop(): Promise<void>;
}

/** Runs `round` again and again; it answers in how many milliseconds the next one is due. A throw is given to `onError`. */
export function repeat(round: () => Promise<number>, onError: (error: unknown) => number): Repeater {
  const stopping = new AbortController();
  let waiting = new AbortController();
  let hurried = false;
  const run = async () => {
    while (!stopping.signal.aborted) {
      hurried = false;
      const ms = await round().catch(onError);
      waiting = new AbortController();
      if (!hurried) await pause(ms, AbortSignal.any([stopping.signal, waiting.signal]));
    }
  };
  const done = run();
  return {
    hurry: () => {
      hurried = true;
      waiting.abort();
    },
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}
