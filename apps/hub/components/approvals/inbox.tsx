"use client";

import type { TenantId } from "@berth/contracts";
import { EmptyState, Loading, PageHead } from "@berth/ui";
import { ReadProblem } from "../frame/read-problem.tsx";
import { usePendingApprovals } from "./approvals-provider.tsx";
import { DecidedList } from "./decided-list.tsx";
import { DecisionNotes } from "./decision-notes.tsx";
import { PendingCard } from "./pending-card.tsx";

export function Inbox({ tenantId }: { tenantId: TenantId }) {
  const { data, problem, reload } = usePendingApprovals();
  return (
    <>
      <PageHead
        title="Approvals"
        lead="What your agent may not do without your word. Each yes is for one call, once."
      />
      <section aria-labelledby="waiting">
        <h2 id="waiting" className="mb-3 text-lg font-semibold">
          Waiting for you
        </h2>
        <div className="mb-4 empty:hidden">
          <DecisionNotes />
        </div>
        {problem ? <ReadProblem what="The requests" problem={problem} stale={data !== null} onRetry={reload} /> : null}
        {data === null && !problem ? <Loading label="Reading the requests" rows={2} /> : null}
        {data?.items.length === 0 ? <EmptyState>Nothing waits. Your agent goes on working.</EmptyState> : null}
        <div className="grid gap-4 lg:grid-cols-2 lg:items-start">
          {data?.items.map((approval) => (
            <PendingCard key={approval.id} approval={approval} />
          ))}
        </div>
      </section>
      <DecidedList tenantId={tenantId} />
    </>
  );
}
