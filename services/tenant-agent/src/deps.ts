import type { Clock, Ids, Logger } from "@berth/platform";
import type { fetch as undiciFetch } from "undici";

/** How often and how long, in milliseconds. */
export interface AgentTiming {
  heartbeatMs: number;
  retryMinMs: number;
  retryMaxMs: number;
  /** The wrapper checks in every few seconds; older than this it counts as gone. */
  checkInMaxAgeMs: number;
  /** How long the canned turn of the self-test may take. */
  probeTurnMs: number;
  linkPingMs: number;
  /** Between two looks at what has expired, and between two self-tests while one fails. */
  tickMs: number;
}

export const defaultTiming: AgentTiming = {
  heartbeatMs: 30_000,
  retryMinMs: 500,
  retryMaxMs: 60_000,
  checkInMaxAgeMs: 30_000,
  probeTurnMs: 60_000,
  linkPingMs: 20_000,
  tickMs: 2_000,
};

/** All that the agent takes from outside, so that a test can be the world. */
export interface AgentDeps {
  clock: Clock;
  ids: Ids;
  /** In [0, 1); spreads retries. */
  random: () => number;
  fetch: typeof undiciFetch;
  log: Logger;
  timing: AgentTiming;
}
