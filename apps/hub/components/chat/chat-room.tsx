"use client";

import type { TenantId } from "@berth/contracts";
import { usePendingApprovals } from "../approvals/approvals-provider.tsx";
import { DecisionNotes } from "../approvals/decision-notes.tsx";
import { PendingCard } from "../approvals/pending-card.tsx";
import { FoundNotice } from "../secrets/found-notice.tsx";
import { Composer } from "./composer.tsx";
import { MessageList } from "./message-list.tsx";

/** The chat, and beside it what waits for the person's word. */
export function ChatRoom({ tenantId, agentName }: { tenantId: TenantId; agentName: string }) {
  const { data, notes } = usePendingApprovals();
  const pending = data?.items ?? [];
  const asks = pending.length > 0 || notes.length > 0;
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
      <div className="flex min-h-0 flex-1 flex-col">
        <FoundNotice tenantId={tenantId} />
        <MessageList agentName={agentName} />
        <Composer tenantId={tenantId} />
      </div>
      {asks ? (
        <aside
          aria-label="Waiting for your word"
          className="order-first max-h-[55dvh] shrink-0 overflow-y-auto border-b border-line bg-sunken p-3 lg:order-none lg:max-h-none lg:w-[26rem] lg:border-b-0 lg:border-l lg:p-4"
        >
          <details open>
            <summary className="min-h-6 cursor-pointer rounded-control text-sm text-soft">
              <h2 className="inline font-semibold">
                {pending.length === 0 ? "Decided" : `Waiting for your word (${pending.length})`}
              </h2>
            </summary>
            <div className="mt-3 grid gap-3">
              <DecisionNotes />
              {pending.map((approval) => (
                <PendingCard key={approval.id} approval={approval} compact />
              ))}
            </div>
          </details>
        </aside>
      ) : null}
    </div>
  );
}
