"use client";

import type { Tenant } from "@berth/contracts";
import { Badge, type Column } from "@berth/ui";
import { ShieldAlert, ShieldCheck } from "lucide-react";
import Link from "next/link";
import { agoWords } from "../frame/times.ts";
import { useNow } from "../frame/use-now.ts";
import { readAllTenants } from "../hub-api/admin-calls.ts";
import { OrderBadge } from "../order/order-badge.tsx";
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
