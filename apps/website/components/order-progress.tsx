"use client";

import { Order, type OrderState } from "@berth/contracts";
import { Badge, ButtonLink, Callout } from "@berth/ui";
import { Check, Circle, LoaderCircle, TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { HubProblem, useHubApi, useHubUrl } from "./hub-api.ts";

const pollMs = 1500;

/** What the customer sees of the way from payment to a working agent; each stage ends when its state is behind. */
const stages: { title: string; until: OrderState }[] = [
  { title: "Payment received", until: "PAYMENT_CONFIRMED" },
  { title: "Server ordered", until: "SERVER_REQUESTED" },
  { title: "Server started", until: "SERVER_READY" },
  { title: "Address set up", until: "DNS_READY" },
  { title: "Agent installed", until: "PROVISIONING" },
  { title: "Agent signed in to Berth", until: "REGISTERED" },
  { title: "Safety gate tested", until: "ACTIVE" },
];
const way: OrderState[] = [
  "PENDING_PAYMENT",
  "PAYMENT_CONFIRMED",
  "SERVER_REQUESTED",
  "SERVER_READY",
  "DNS_PENDING",
  "DNS_READY",
  "PROVISIONING",
  "REGISTERED",
  "ACTIVE",
];

function StageRow({ title, state }: { title: string; state: "done" | "now" | "later" | "failed" }) {
  const icon = {
    done: <Check className="size-5 text-good" aria-hidden="true" />,
    now: <LoaderCircle className="size-5 animate-spin text-accent" aria-hidden="true" />,
    later: <Circle className="size-5 text-line-strong" aria-hidden="true" />,
    failed: <TriangleAlert className="size-5 text-bad" aria-hidden="true" />,
  }[state];
  const said = { done: "done", now: "in progress", later: "to come", failed: "failed" }[state];
  return (
    <li className="flex items-center gap-3 py-2">
      {icon}
      <span className={state === "later" ? "text-faint" : "text-ink"}>{title}</span>
      <span className="sr-only">{said}</span>
    </li>
  );
}

function Stages({ order }: { order: Order }) {
  const failed = order.state === "FAILED";
  const reached = failed
    ? way.indexOf(order.steps.findLast((step) => step.status === "failed")?.state ?? "PAYMENT_CONFIRMED")
    : way.indexOf(order.state);
  const current = stages.findIndex((stage) => way.indexOf(stage.until) > reached);
  return (
    <ol className="divide-y divide-line" aria-live="polite">
      {stages.map((stage, index) => {
        const state = current < 0 || index < current ? "done" : index > current ? "later" : failed ? "failed" : "now";
        return <StageRow key={stage.title} title={stage.title} state={state} />;
      })}
    </ol>
  );
}

/** Asks the Hub to look at Stripe itself first, so that nobody is asked to pay twice when a webhook is late; then follows. */
function useOrder(orderId: string): { order: Order | null; problem: HubProblem | null } {
  const api = useHubApi();
  const [order, setOrder] = useState<Order | null>(null);
  const [problem, setProblem] = useState<HubProblem | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the API's address does not change while the page is open
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const look = async (path: string, ask: "get" | "post"): Promise<void> => {
      try {
        const found = ask === "post" ? await api.post(path, {}, Order) : await api.get(path, Order);
        if (ended) return;
        setOrder(found);
        setProblem(null);
        if (found.state === "ACTIVE" || found.state === "CANCELLED") return;
        const unpaid = found.state === "PENDING_PAYMENT";
        timer = setTimeout(
          () => void look(`/api/public/v1/orders/${orderId}${unpaid ? "/sync" : ""}`, unpaid ? "post" : "get"),
          pollMs,
        );
      } catch (error) {
        if (ended) return;
        setProblem(error instanceof HubProblem ? error : new HubProblem(0, "", "The Hub did not answer as expected."));
        timer = setTimeout(() => void look(path, ask), pollMs * 3);
      }
    };
    void look(`/api/public/v1/orders/${orderId}/sync`, "post");
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [orderId]);
  return { order, problem };
}

export function OrderProgress({ orderId }: { orderId: string }) {
  const hubUrl = useHubUrl();
  const { order, problem } = useOrder(orderId);
  if (!order) {
    return problem ? <Callout tone="bad">{problem.message}</Callout> : <p role="status">Looking up your order …</p>;
  }
  return (
    <div className="grid gap-5">
      {order.state === "PENDING_PAYMENT" ? (
        <Callout tone="accent" title="Waiting for the payment to be confirmed">
          Stripe tells us within seconds as a rule. You need not pay again; this page goes on by itself.
        </Callout>
      ) : null}
      <Stages order={order} />
      {order.state === "FAILED" ? (
        <Callout tone="bad" title="Setting up stopped">
          {order.failureReason} We have been told and take it from here; you need not do anything.
        </Callout>
      ) : null}
      {order.state === "ACTIVE" && order.tenantId ? (
        <div className="grid gap-3">
          <Badge tone="good">Your agent is ready</Badge>
          <ButtonLink href={`${hubUrl}/agents/${order.tenantId}`}>Talk to your agent</ButtonLink>
        </div>
      ) : (
        <p className="text-sm text-faint">You can close this page; we write to you when the agent is ready.</p>
      )}
    </div>
  );
}
