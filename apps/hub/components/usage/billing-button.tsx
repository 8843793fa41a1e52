"use client";

import { hubProblemOf } from "@berth/api-client";
import { Button, Callout } from "@berth/ui";
import { useState } from "react";
import { openBillingPortal } from "../hub-api/portal-calls.ts";
import { leftForSignIn } from "../hub-api/use-read.ts";

/** To Stripe's own page: invoices, card, cancelling. */
export function BillingButton() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const open = (): void => {
    setBusy(true);
    setProblem(null);
    openBillingPortal()
      .then(({ url }) => window.location.assign(url))
      .catch((thrown: unknown) => {
        const found = hubProblemOf(thrown);
        if (!leftForSignIn(found)) setProblem(found.message);
        setBusy(false);
      });
  };
  return (
    <div className="grid gap-2">
      <Button kind="quiet" busy={busy} onClick={open}>
        Billing and invoices
      </Button>
      {problem ? <Callout tone="bad">{problem}</Callout> : null}
    </div>
  );
}
