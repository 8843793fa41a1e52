"use client";

import type { Order, OrderId } from "@berth/contracts";
import { ButtonLink, Callout, Card, Loading, OrderJourney, PageHead } from "@berth/ui";
import { useCallback } from "react";
import { ReadProblem } from "../frame/read-problem.tsx";
import { readOrder } from "../hub-api/portal-calls.ts";
import { useRead } from "../hub-api/use-read.ts";
import { OrderBadge } from "./order-badge.tsx";
import { StepTable } from "./step-table.tsx";

const pollMs = 1500;

/** How far an order is, for its customer: stages, and below them every step with its time and reason. */
export function OrderDetail({ orderId, websiteUrl }: { orderId: OrderId; websiteUrl: string }) {
  const read = useCallback(() => readOrder(orderId), [orderId]);
  const { data: order, problem, reload } = useRead(read, pollMs);
  return (
    <>
      {order?.state === "ACTIVE" ? (
        <PageHead title="Your agent is ready" lead="This is how it was set up." />
      ) : (
        <PageHead
          title="Setting up your agent"
          lead="You can close this page; we write to you when the agent is ready."
        />
      )}
      {problem ? <ReadProblem what="The order" problem={problem} stale={order !== null} onRetry={reload} /> : null}
      {order ? (
        <Detail order={order} websiteUrl={websiteUrl} />
      ) : problem ? null : (
        <Loading label="Reading the order" />
      )}
    </>
  );
}

function Detail({ order, websiteUrl }: { order: Order; websiteUrl: string }) {
  return (
    <div className="grid gap-6">
      <Card>
        <div className="mb-3">
          <OrderBadge state={order.state} />
        </div>
        <OrderJourney order={order} />
        <NextStep order={order} websiteUrl={websiteUrl} />
      </Card>
      <section aria-labelledby="steps">
        <h2 id="steps" className="mb-3 text-lg font-semibold">
          Steps
        </h2>
        <StepTable steps={order.steps} />
      </section>
    </div>
  );
}

function NextStep({ order, websiteUrl }: { order: Order; websiteUrl: string }) {
  if (order.state === "FAILED") {
    return (
      <div className="mt-4">
        <Callout tone="bad" title="Setting up stopped">
          {order.failureReason} We have been told and take it from here; you need not do anything.
        </Callout>
      </div>
    );
  }
  if (order.state === "PENDING_PAYMENT") {
    return (
      <ButtonLink href={`${websiteUrl}/checkout?plan=${order.planId}`} className="mt-4">
        Go to the payment
      </ButtonLink>
    );
  }
  if (order.state !== "ACTIVE" || !order.tenantId) return null;
  return (
    <ButtonLink href={`/agents/${order.tenantId}`} className="mt-4">
      Talk to your agent
    </ButtonLink>
  );
}
