"use client";

import type { Order, OrderId } from "@berth/contracts";
import { Callout, Card, Facts, Loading, PageHead } from "@berth/ui";
import Link from "next/link";
import { useCallback } from "react";
import { ReadProblem } from "../frame/read-problem.tsx";
import { momentWords } from "../frame/times.ts";
import { readAnyOrder } from "../hub-api/admin-calls.ts";
import { useRead } from "../hub-api/use-read.ts";
import { OrderBadge } from "../order/order-badge.tsx";
import { StepTable } from "../order/step-table.tsx";
import { RetryButton } from "./retry-button.tsx";

const pollMs = 2000;

/** One order for staff: where it stands, its journal, and the way on when it failed. */
export function OrderJournal({ orderId }: { orderId: OrderId }) {
  const read = useCallback(() => readAnyOrder(orderId), [orderId]);
  const { data: order, problem, reload } = useRead(read, pollMs);
  return (
    <>
      <p className="mb-3 text-sm">
        <Link href="/admin/orders" className="text-accent underline underline-offset-4">
          All orders
        </Link>
      </p>
      <PageHead title="Order" lead={<code className="font-mono text-sm break-all">{orderId}</code>} />
      {problem ? <ReadProblem what="The order" problem={problem} stale={order !== null} onRetry={reload} /> : null}
      {order ? <Journal order={order} onRetried={reload} /> : problem ? null : <Loading label="Reading the order" />}
    </>
  );
}

function Journal({ order, onRetried }: { order: Order; onRetried: () => void }) {
  return (
    <div className="grid gap-6">
      <Card className="grid gap-4">
        <Facts
          rows={[
            ["State", <OrderBadge key="state" state={order.state} />],
            ["Plan", order.planId],
            ["Tenant", order.tenantId],
            ["Ordered", momentWords(order.createdAt)],
            ["Last change", momentWords(order.updatedAt)],
          ]}
        />
        {order.state === "FAILED" ? (
          <Callout tone="bad" title="Stopped">
            {order.failureReason ?? "No reason was given."}
          </Callout>
        ) : null}
        {order.state === "FAILED" ? <RetryButton orderId={order.id} onRetried={onRetried} /> : null}
      </Card>
      <section aria-labelledby="journal" className="grid gap-3">
        <h2 id="journal" className="text-lg font-semibold">
          Journal
        </h2>
        <StepTable steps={order.steps} />
      </section>
    </div>
  );
}
