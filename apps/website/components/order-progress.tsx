"use client";

import { Badge, ButtonLink, Callout, OrderJourney, Spinner } from "@berth/ui";
import { useHubUrl } from "./hub-url-provider.tsx";
import { useOrder } from "./use-order.ts";

export function OrderProgress({ orderId }: { orderId: string }) {
  const hubUrl = useHubUrl();
  const { order, problem } = useOrder(orderId);
  if (!order) {
    if (problem?.status === 401) return <SignInAgain hubUrl={hubUrl} orderId={orderId} />;
    if (problem) return <Callout tone="bad">{problem.message}</Callout>;
    return (
      <p role="status" className="flex items-center gap-3 text-soft">
        <Spinner className="text-accent" /> Looking up your order …
      </p>
    );
  }
  return (
    <div className="grid gap-5">
      {order.state === "PENDING_PAYMENT" ? (
        <Callout tone="accent" title="Waiting for the payment to be confirmed">
          Stripe tells us within seconds as a rule. You need not pay again; this page goes on by itself.
        </Callout>
      ) : null}
      <OrderJourney order={order} />
      {problem ? <Callout tone="warn">{problem.message} This page goes on trying.</Callout> : null}
      {order.state === "FAILED" ? (
        <Callout tone="bad" title="Setting up stopped">
          {order.failureReason} We have been told and take it from here; you need not do anything.
        </Callout>
      ) : null}
      {order.state === "ACTIVE" && order.tenantId ? (
        <div className="grid gap-3 justify-items-start">
          <Badge tone="good">Your agent is ready</Badge>
          <ButtonLink href={`${hubUrl}/agents/${order.tenantId}`}>Talk to your agent</ButtonLink>
        </div>
      ) : (
        <p className="text-sm text-faint">You can close this page; we write to you when the agent is ready.</p>
      )}
    </div>
  );
}

function SignInAgain({ hubUrl, orderId }: { hubUrl: string; orderId: string }) {
  const back = `${globalThis.location.origin}/welcome?order=${orderId}`;
  return (
    <div className="grid gap-4">
      <Callout tone="warn">Your session has ended. Sign in to see how far your agent is.</Callout>
      <ButtonLink href={`${hubUrl}/sign-in?next=${encodeURIComponent(back)}`}>Sign in</ButtonLink>
    </div>
  );
}
