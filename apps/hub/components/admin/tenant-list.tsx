"use client";

import type { Tenant } from "@berth/contracts";
import { Badge, type Column } from "@berth/ui";
import { ShieldAlert, ShieldCheck } from "lucide-react";
import Link from "next/link";
import { agoWords } from "../frame/times.ts";
import { useNow } from "../frame/use-now.ts";
import { readAllTenants } from "../hub-api/admin-calls.ts";
import { OrderBadge } from "../order/order-badge.tsx";
import { hostWords, timesWords } from "../tenant/refused-words.ts";
import { HealthBadge, IsolationBadge } from "../tenant/tenant-badges.tsx";
import { AdminList } from "./admin-list.tsx";
import { ShortId } from "./short-id.tsx";

const pollMs = 5000;

export function TenantList() {
  const now = useNow(1000);
  const columns: Column<Tenant>[] = [
    {
      title: "Tenant",
      cell: ({ id, name, orderId, isolation }) => (
        <div className="grid justify-items-start gap-0.5">
          <Link href={`/admin/orders/${orderId}`} className="font-medium text-accent underline underline-offset-4">
            {name}
          </Link>
          <ShortId id={id} />
          <IsolationBadge isolation={isolation} />
        </div>
      ),
    },
    { title: "Health", cell: ({ health }) => <HealthBadge value={health} /> },
    { title: "Gate", cell: ({ gate }) => <Gate gate={gate} /> },
    { title: "Blocked today", cell: ({ egress }) => <Refused egress={egress} /> },
    { title: "Disk", cell: ({ disk }) => <Disk disk={disk} /> },
    {
      title: "Last heartbeat",
      cell: ({ lastHeartbeatAt }) => (
        <span className="whitespace-nowrap">{lastHeartbeatAt ? agoWords(lastHeartbeatAt, now) : "never"}</span>
      ),
    },
    {
      title: "Runs on",
      cell: ({ isolation }) => (isolation === "machine" ? "a server of its own" : "processes of this machine"),
    },
    { title: "Order", cell: ({ orderState }) => <OrderBadge state={orderState} /> },
    { title: "Policy", numeric: true, cell: ({ policyVersion }) => policyVersion ?? "none" },
    { title: "Versions", cell: ({ versions }) => <Versions versions={versions} /> },
  ];
  return (
    <AdminList
      title="Tenants"
      lead="The servers of all customers, as they report themselves."
      empty="There are no tenants yet. One appears when an order gets its server."
      read={readAllTenants}
      everyMs={pollMs}
      columns={columns}
      keyOf={({ id }) => id}
    />
  );
}

function Gate({ gate }: { gate: Tenant["gate"] }) {
  if (!gate) return <span className="text-faint">not tested</span>;
  if (gate.verified) {
    return (
      <Badge tone="good" icon={<ShieldCheck className="size-3.5" aria-hidden="true" />}>
        Verified
      </Badge>
    );
  }
  return (
    <div className="grid min-w-48 justify-items-start gap-1">
      <Badge tone="bad" icon={<ShieldAlert className="size-3.5" aria-hidden="true" />}>
        Not verified
      </Badge>
      <span className="text-soft">{gate.reason}</span>
    </div>
  );
}

function Refused({ egress }: { egress: Tenant["egress"] }) {
  if (!egress) return <span className="text-faint">not known</span>;
  if (egress.recent.length === 0) return <span className="text-faint">nothing</span>;
  return (
    <div className="grid min-w-40 justify-items-start gap-1">
      <Badge tone="warn">{timesWords(egress.recent)}</Badge>
      <span className="text-soft">{hostWords(egress.recent)}</span>
    </div>
  );
}

const diskLook = { ok: "good", low: "warn", full: "bad" } as const;
const diskWords = { ok: "Room", low: "Low", full: "Full" } as const;

function Disk({ disk }: { disk: Tenant["disk"] }) {
  if (!disk) return <span className="text-faint">not known</span>;
  return (
    <div className="grid justify-items-start gap-1">
      <Badge tone={diskLook[disk.state]}>{diskWords[disk.state]}</Badge>
      <span className="whitespace-nowrap text-soft">{(disk.freeMb / 1024).toFixed(1)} GB free</span>
    </div>
  );
}

function Versions({ versions }: { versions: Tenant["versions"] }) {
  if (!versions) return <span className="text-faint">unknown</span>;
  const parts = [
    ["agent", versions.agent],
    ["proxy", versions.egressProxy],
    ["wrapper", versions.safetyWrapper],
    ["OpenClaw", versions.openclaw],
    ["Node", versions.node],
  ];
  return (
    <span className="grid text-xs whitespace-nowrap text-soft">
      {parts.map(([name, version]) => (
        <span key={name}>
          {name} {version ?? "not running"}
        </span>
      ))}
    </span>
  );
}
