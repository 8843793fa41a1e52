import type { AgentDeps } from "../deps.ts";
import { type Repeater, repeat } from "../repeat.ts";
import { expireOverdue, type SettleDeps } from "./settle-approval.ts";

/** Looks again and again for requests that nobody decided on in time. */
export const startExpiry = (
  settling: SettleDeps & { deps: Pick<AgentDeps, "clock" | "log" | "timing"> },
  onExpired: () => void,
): Repeater =>
  repeat(
    async () => {
      if (expireOverdue(settling) > 0) onExpired();
      return settling.deps.timing.tickMs;
    },
    (error) => {
      settling.deps.log.error({ err: error }, "expiry");
      return settling.deps.timing.tickMs;
    },
  );
