"use client";

import { answerOf, type HubProblem, hubProblemOf } from "@berth/api-client";
import { CreateOrderResult, type PlanId } from "@berth/contracts";
import { Button, ButtonLink, Callout, Spinner } from "@berth/ui";
import { useEffect, useRef, useState } from "react";
import { useHub, useHubUrl } from "./hub-url-provider.tsx";

/** Makes the order (or finds the open one) and goes on to Stripe's page. */
export function CheckoutStart({ plan }: { plan: PlanId }) {
  const hub = useHub();
  const hubUrl = useHubUrl();
  const [problem, setProblem] = useState<HubProblem | null>(null);
  const started = useRef(false);

  const start = (): void => {
    setProblem(null);
    answerOf(CreateOrderResult, hub.POST("/api/public/v1/orders", { body: { planId: plan } }))
      .then(({ order, checkoutUrl }) => window.location.assign(checkoutUrl ?? `/welcome?order=${order.id}`))
      .catch((thrown: unknown) => setProblem(hubProblemOf(thrown)));
  };
  useEffect(() => {
    if (started.current) return; // React runs effects twice in development; an order is made once
    started.current = true;
    start();
  });

  if (!problem) {
    return (
      <p role="status" className="flex items-center gap-3 text-soft">
        <Spinner className="text-accent" />
        Taking you to the payment page …
      </p>
    );
  }
  if (problem.status === 401) {
    return (
      <div className="grid gap-4">
        <Callout tone="warn">Your session has ended. Sign in and we go on where you were.</Callout>
        <ButtonLink
          href={`${hubUrl}/sign-in?next=${encodeURIComponent(`${window.location.origin}/checkout?plan=${plan}`)}`}
        >
          Sign in
        </ButtonLink>
      </div>
    );
  }
  return (
    <div className="grid gap-4">
      <Callout tone="bad" title="The payment page could not be opened">
        {problem.message}
      </Callout>
      <Button onClick={start}>Try again</Button>
    </div>
  );
}
