"use client";

import type { TenantId } from "@berth/contracts";
import { Button, Loading } from "@berth/ui";
import { useCallback } from "react";
import { ReadProblem } from "../frame/read-problem.tsx";
import { readApprovals } from "../hub-api/portal-calls.ts";
import { usePages } from "../hub-api/use-pages.ts";
import { useReloadOnChange } from "../link/tenant-link-provider.tsx";
import { DecidedRow } from "./decided-row.tsx";

/** Settled requests, newest first. */
export function DecidedList({ tenantId }: { tenantId: TenantId }) {
  const read = useCallback((cursor?: string) => readApprovals(tenantId, cursor ? { cursor } : {}), [tenantId]);
  const { items, problem, reload, more } = usePages(read);
  useReloadOnChange("approval", reload);
  const decided = items?.filter((approval) => approval.state !== "pending");
  return (
    <section aria-labelledby="decided" className="mt-10">
      <h2 id="decided" className="mb-3 text-lg font-semibold">
        Decided
      </h2>
      {problem ? <ReadProblem what="The list" problem={problem} stale={items !== null} onRetry={reload} /> : null}
      {items === null && !problem ? <Loading label="Reading what was decided" rows={1} /> : null}
      {decided?.length === 0 ? <p className="text-sm text-faint">Nothing has been decided yet.</p> : null}
      {decided && decided.length > 0 ? (
        <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface">
          {decided.map((approval) => (
            <DecidedRow key={approval.id} approval={approval} />
          ))}
        </ul>
      ) : null}
      {more ? (
        <Button kind="quiet" className="mt-3" onClick={more}>
          Show older
        </Button>
      ) : null}
    </section>
  );
}
