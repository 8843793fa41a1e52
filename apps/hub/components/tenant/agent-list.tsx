"use client";

import type { Order, Tenant } from "@berth/contracts";
import { ButtonLink, Card, EmptyState, Loading, orderStateWords, PageHead } from "@berth/ui";
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { ReadProblem } from "../frame/read-problem.tsx";
import { agoWords } from "../frame/times.ts";
import { useNow } from "../frame/use-now.ts";
import { readOrders, readTenants } from "../hub-api/portal-calls.ts";
import { useRead } from "../hub-api/use-read.ts";
import { OrderBadge } from "../order/order-badge.tsx";
import { HealthBadge, IsolationBadge } from "./tenant-badges.tsx";

const pollMs = 3000;

/** What an organisation has: its agents, and its orders that are on the way to be one. */
export function AgentList({ websiteUrl }: { websiteUrl: string }) {
  const tenants = useRead(readTenants, pollMs);
  const orders = useRead(readOrders, pollMs);
  const problem = tenants.problem ?? orders.problem;
  const read = tenants.data !== null && orders.data !== null;
  const known = new Set(tenants.data?.items.map((tenant) => tenant.orderId));
  const onTheWay = orders.data?.items.filter(({ id, state }) => !known.has(id) && state !== "CANCELLED") ?? [];
  const reload = (): void => {
    tenants.reload();
    orders.reload();
  };
  return (
    <>
      <PageHead title="Agents" lead="Each works on a server of its own." />
      {problem ? <ReadProblem what="Your agents" problem={problem} stale={read} onRetry={reload} /> : null}
      {!read && !problem ? <Loading label="Reading your agents" /> : null}
      {read && known.size + onTheWay.length === 0 ? (
        <EmptyState action={<ButtonLink href={`${websiteUrl}/#plans`}>Choose a plan</ButtonLink>}>
          You have no agent yet. Choose a plan, and one is set up for you within minutes.
        </EmptyState>
      ) : null}
      <ul className="grid gap-3">
        {tenants.data?.items.map((tenant) => (
          <TenantRow key={tenant.id} tenant={tenant} />
        ))}
        {onTheWay.map((order) => (
          <OrderRow key={order.id} order={order} />
        ))}
      </ul>
    </>
  );
}

function TenantRow({ tenant }: { tenant: Tenant }) {
  const now = useNow(1000);
  const active = tenant.orderState === "ACTIVE";
  const heard = tenant.lastHeartbeatAt ? `Heard from ${agoWords(tenant.lastHeartbeatAt, now)}` : "Not heard from yet";
  return (
    <Row href={`/agents/${tenant.id}`} title={tenant.name}>
      {active ? <HealthBadge value={tenant.health} /> : <OrderBadge state={tenant.orderState} />}
      <IsolationBadge isolation={tenant.isolation} />
      <span className="text-sm text-faint">{active ? heard : orderStateWords[tenant.orderState]}</span>
    </Row>
  );
}

function OrderRow({ order }: { order: Order }) {
  return (
    <Row href={`/orders/${order.id}`} title={`Order of plan ${order.planId}`}>
      <OrderBadge state={order.state} />
      <span className="text-sm text-faint">{order.failureReason}</span>
    </Row>
  );
}

function Row({ href, title, children }: { href: string; title: string; children: React.ReactNode }) {
  return (
    <li>
      <Card className="relative !p-0 hover:bg-sunken">
        <div className="flex items-center gap-3 p-4 sm:p-5">
          <div className="grid min-w-0 flex-1 gap-2">
            <Link href={href} className="text-lg font-semibold after:absolute after:inset-0 after:rounded-card">
              {title}
            </Link>
            <div className="flex flex-wrap items-center gap-2">{children}</div>
          </div>
          <ChevronRight className="size-5 text-faint" aria-hidden="true" />
        </div>
      </Card>
    </li>
  );
}
