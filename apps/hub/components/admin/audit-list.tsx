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
        <span>No. {position} of</span>
        <ShortId id={chain} />
        <ShortId id={hash} />
      </span>
    ),
  },
];

function Details({ details }: { details: AuditEntry["details"] }) {
  if (Object.keys(details).length === 0) return null;
  return (
    <dl className="grid min-w-40 gap-x-3 text-xs text-soft">
      {Object.entries(details).map(([name, value]) => (
        <div key={name} className="flex flex-wrap gap-x-2">
          <dt className="text-faint">{name}</dt>
          <dd className="wrap-anywhere">
            {typeof value === "string" ? <ShortId id={value} /> : <code>{JSON.stringify(value)}</code>}
          </dd>
        </div>
      ))}
    </dl>
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
