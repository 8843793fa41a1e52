"use client";

import type { OrderState, OrderStep } from "@berth/contracts";
import { Badge, DataTable, orderStateWords, type Tone } from "@berth/ui";
import { durationWords, momentWords } from "../frame/times.ts";
import { useNow } from "../frame/use-now.ts";

const looks: Record<OrderStep["status"], { tone: Tone; word: string }> = {
  running: { tone: "accent", word: "running" },
  succeeded: { tone: "good", word: "done" },
  failed: { tone: "bad", word: "failed" },
};

/** What is done to leave a state; the journal has a row for each try. */
const stepWords: Partial<Record<OrderState, string>> = {
  PENDING_PAYMENT: "Confirm the payment",
  PAYMENT_CONFIRMED: "Order the server",
  SERVER_REQUESTED: "Wait for the server to start",
  SERVER_READY: "Name the server",
  DNS_PENDING: "Wait for the name to be known",
  DNS_READY: "Prepare the agent's place",
  PROVISIONING: "Install the agent",
  REGISTERED: "Test the safety gate",
};

/** The journal of an order: every attempt, how long it took, and why it failed or waits. */
export function StepTable({ steps }: { steps: OrderStep[] }) {
  const now = useNow(1000);
  if (steps.length === 0) return <p className="text-sm text-faint">No step has begun yet.</p>;
  const tookMs = (step: OrderStep): number =>
    (step.finishedAt ? Date.parse(step.finishedAt) : now) - Date.parse(step.startedAt);
  return (
    <DataTable
      caption="Journal of the order"
      rows={steps}
      keyOf={(step) => `${step.state} ${step.attempt}`}
      columns={[
        { title: "Step", cell: (step) => <StepCell step={step} /> },
        { title: "Attempt", numeric: true, cell: (step) => step.attempt },
        {
          title: "Result",
          cell: (step) => <Badge tone={looks[step.status].tone}>{looks[step.status].word}</Badge>,
        },
        { title: "Took", numeric: true, cell: (step) => durationWords(tookMs(step)) },
        { title: "Began", cell: (step) => <span className="whitespace-nowrap">{momentWords(step.startedAt)}</span> },
      ]}
    />
  );
}

/** The reason stands with the step it is about, so that it is in sight on a phone too. */
function StepCell({ step }: { step: OrderStep }) {
  return (
    <span className="grid min-w-40">
      {stepWords[step.state] ?? orderStateWords[step.state]}
      {step.reason ? <span className={step.status === "failed" ? "text-bad" : "text-soft"}>{step.reason}</span> : null}
    </span>
  );
}
