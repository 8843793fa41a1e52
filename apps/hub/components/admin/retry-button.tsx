"use client";

import { hubProblemOf } from "@berth/api-client";
import type { OrderId } from "@berth/contracts";
import { Button, Callout, ConfirmDialog } from "@berth/ui";
import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { retryOrder } from "../hub-api/admin-calls.ts";
import { leftForSignIn } from "../hub-api/use-read.ts";

export function RetryButton({ orderId, onRetried }: { orderId: OrderId; onRetried: () => void }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  async function retry(): Promise<void> {
    setAsking(false);
    setBusy(true);
    setProblem(null);
    try {
      await retryOrder(orderId);
      onRetried();
    } catch (thrown) {
      const found = hubProblemOf(thrown);
      if (!leftForSignIn(found)) setProblem(found.message);
    } finally {
      setBusy(false);
    }
  }
  return (
    <div className="grid justify-items-start gap-3">
      <Button busy={busy} onClick={() => setAsking(true)}>
        <RotateCcw className="size-4" aria-hidden="true" /> Retry
      </Button>
      {problem ? (
        <Callout tone="bad" title="The order was not started again">
          {problem}
        </Callout>
      ) : null}
      <ConfirmDialog
        open={asking}
        title="Go on from the step that failed?"
        confirmLabel="Retry this order"
        kind="primary"
        onConfirm={() => void retry()}
        onCancel={() => setAsking(false)}
      >
        <p>What was done before stays: no second server is ordered and nothing is charged again.</p>
      </ConfirmDialog>
    </div>
  );
}
