"use client";

import type { Approval } from "@berth/contracts";
import { classNames, Facts, MonoBlock } from "@berth/ui";
import { Clock } from "lucide-react";
import { clockWords, momentWords } from "../frame/times.ts";
import { useNow } from "../frame/use-now.ts";
import { ActClassBadge } from "./act-class-badge.tsx";
import { callInWords } from "./call-in-words.ts";
import { countdown } from "./countdown.ts";
import { DecidePanel } from "./decide-panel.tsx";

/** A request that waits for the person's word: exactly what would run, why it asks, what it reaches, and how long it waits. */
export function PendingCard({ approval, compact = false }: { approval: Approval; compact?: boolean }) {
  const now = useNow(1000);
  const { expired, urgent, words } = countdown(approval, now);
  const call = callInWords(approval.tool, approval.argumentsRedacted ?? {});
  const headingId = `request-${approval.id}`;
  return (
    <article
      aria-labelledby={headingId}
      data-approval={approval.id}
      className="grid min-w-0 gap-4 rounded-card border border-line bg-surface p-4 shadow-card sm:p-5"
    >
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 id={headingId} className="font-semibold">
          {call.title}
        </h3>
        <ActClassBadge actClass={approval.actClass} />
      </div>
      <MonoBlock label="Exactly what would run">{call.exact}</MonoBlock>
      <Facts
        rows={[
          ...call.details,
          ["Why it asks", approval.reason],
          ["Reaches", approval.blastRadius],
          ["Undo", approval.reversible ? "Can be undone" : "Cannot be undone"],
          ["Secrets", approval.secretNames.length > 0 ? approval.secretNames.join(", ") : "none used"],
          ...(compact ? [] : origin(approval)),
        ]}
      />
      {compact ? (
        <details>
          <summary className="min-h-6 cursor-pointer rounded-control text-sm text-soft">Who asked, and when</summary>
          <div className="mt-2">
            <Facts rows={origin(approval)} />
          </div>
        </details>
      ) : null}
      <p className={classNames("flex items-center gap-2 text-sm", urgent || expired ? "text-warn" : "text-soft")}>
        <Clock className="size-4 shrink-0" aria-hidden="true" />
        <span>
          {words}
          {expired ? ". The agent can ask again." : `, until ${clockWords(approval.expiresAt)}`}
        </span>
      </p>
      <DecidePanel approval={approval} call={call} expired={expired} compact={compact} />
    </article>
  );
}

const origin = (approval: Approval): [name: string, value: string][] => [
  ["Asked by", `${approval.agent}, in session ${approval.sessionKey}`],
  ["Asked at", momentWords(approval.createdAt)],
  ["Tool", approval.tool],
];
