"use client";

import type { Tenant } from "@berth/contracts";
import { Button, Callout } from "@berth/ui";
import { agoWords } from "../frame/times.ts";
import { useNow } from "../frame/use-now.ts";
import { hostWords, lastRefusal, timesWords } from "./refused-words.ts";
import { useSeenUntil } from "./use-seen-until.ts";

/** What the agent tried to reach and was not let to, until it is acknowledged in this browser; the server forgets it after a day. */
export function RefusedNote({ tenant }: { tenant: Tenant }) {
  const now = useNow(30_000);
  const { seenUntil, see } = useSeenUntil(`berth.refused-seen.${tenant.id}`);
  const last = lastRefusal(tenant.egress);
  const fresh = tenant.egress?.recent.filter(({ lastAt }) => !seenUntil || lastAt > seenUntil) ?? [];
  if (last === null || seenUntil === undefined || fresh.length === 0) return null;
  return (
    <Callout tone="warn" title={`Blocked: your agent tried to reach ${hostWords(fresh)}`}>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p>
          It tried {timesWords(fresh)}, last {agoWords(last, now)}. That is not allowed, so nothing was sent.
        </p>
        <Button kind="quiet" onClick={() => see(last)}>
          Understood
        </Button>
      </div>
    </Callout>
  );
}
