"use client";

import { CreateOrderResult, type PlanId } from "@berth/contracts";
import { Button, ButtonLink, Callout } from "@berth/ui";
import { useEffect, useRef, useState } from "react";
import { HubProblem, useHubApi, useHubUrl } from "./hub-api.ts";

/** Makes the order (or finds the open one) and goes on to Stripe's page. */
export function CheckoutStart({ plan }: { plan: PlanId }) {
  const api = useHubApi();
  const hubUrl = useHubUrl();
  const [problem, setProblem] = useState<HubProblem | null>(null);
  const started = useRef(false);

  const start = (): void => {
    setProblem(null);
    api
      .post("/api/public/v1/orders", { planId: plan }, CreateOrderResult)
      .then(({ order, checkoutUrl }) => window.location.assign(checkoutUrl ?? `/welcome?order=${order.id}`))
      .catch((error: unknown) =>
        setProblem(error instanceof HubProblem ? error : new HubProblem(0, "", String(error))),
      );
  };
  useEffect(() => {
    if (started.current) return; // React runs effects twice in development; an order is made once
    started.current = true;
    start();
  });

  if (!problem) {
    return (
      <p role="status" className="flex items-center gap-3 text-soft">
        <span className="size-4 animate-spin rounded-full border-2 border-accent border-r-transparent" />
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
