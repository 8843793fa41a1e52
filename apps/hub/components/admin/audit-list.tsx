"use client";

import type { AuditEntry } from "@berth/contracts";
import type { Column } from "@berth/ui";
import { momentWords } from "../frame/times.ts";
import { readAudit } from "../hub-api/admin-calls.ts";
import { AdminList } from "./admin-list.tsx";
import { ShortId } from "./short-id.tsx";

const columns: Column<AuditEntry>[] = [
  {
    title: "When",
    cell: ({ at }) => (
      <time dateTime={at} className="whitespace-nowrap">
        {momentWords(at)}
      </time>
    ),
  },
  {
    title: "Who",
    cell: ({ actorKind, actorId }) => (
      <span className="grid">
        {actorKind}
        {actorId ? <ShortId id={actorId} /> : null}
      </span>
    ),
  },
  { title: "What", cell: ({ action }) => <code className="font-mono text-xs">{action}</code> },
  {
    title: "To",
    cell: ({ entity, entityId }) => (
      <span className="grid">
        {entity}
        <ShortId id={entityId} />
      </span>
    ),
  },
  { title: "Details", cell: ({ details }) => <Details details={details} /> },
  {
    title: "In the chain",
    cell: ({ chain, position, hash }) => (
      <span className="grid text-xs whitespace-nowrap text-soft">
        {chain.length > 16 ? <ShortId id={chain} /> : chain}, no. {position}
        <code title={hash} className="font-mono">
          {hash.slice(0, 10)}
        </code>
      </span>
    ),
  },
];

function Details({ details }: { details: AuditEntry["details"] }) {
  if (Object.keys(details).length === 0) return null;
  return (
    <code className="block max-w-md min-w-48 font-mono text-xs break-words whitespace-pre-wrap text-soft">
      {Object.entries(details)
        .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
        .join("\n")}
    </code>
  );
}

export function AuditList() {
  return (
    <AdminList
      title="Audit log"
      lead="Who did what, newest first. Each row is chained to the one before it by its hash."
      empty="Nothing has been recorded yet."
      read={readAudit}
      everyMs={null}
      columns={columns}
      keyOf={({ id }) => id}
    />
  );
}
