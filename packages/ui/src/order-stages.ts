import type { Order, OrderState } from "@berth/contracts";

/** The way of an order, in order; `FAILED` and what comes after `ACTIVE` stand beside it. */
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

/** What a customer sees of that way; a stage is over when the order has come to `until`. */
const stages: { title: string; until: OrderState }[] = [
  { title: "Payment received", until: "PAYMENT_CONFIRMED" },
  { title: "Server ordered", until: "SERVER_REQUESTED" },
  { title: "Server started", until: "SERVER_READY" },
  { title: "Address set up", until: "DNS_READY" },
  { title: "Agent installed", until: "REGISTERED" },
  { title: "Safety gate tested", until: "ACTIVE" },
];

export type StageState = "done" | "now" | "later" | "failed";
export interface OrderStage {
  title: string;
  state: StageState;
}

/** Where a failed order stood: the state that its last failed step could not leave. */
const stoppedAt = (order: Order): OrderState =>
  order.steps.findLast((step) => step.status === "failed")?.state ?? "PAYMENT_CONFIRMED";

/** The stages of an order: those behind it, the one under way (or failed), those to come. */
export function orderStages(order: Order): OrderStage[] {
  const reached = order.state === "FAILED" ? way.indexOf(stoppedAt(order)) : way.indexOf(order.state);
  const open = stages.findIndex((stage) => way.indexOf(stage.until) > reached);
  const current = open < 0 ? stages.length : open;
  return stages.map(({ title }, index) => {
    if (index < current) return { title, state: "done" };
    if (index > current) return { title, state: "later" };
    return { title, state: order.state === "FAILED" ? "failed" : "now" };
  });
}

/** A state of an order in words. */
export const orderStateWords: Record<OrderState, string> = {
  PENDING_PAYMENT: "Waiting for payment",
  PAYMENT_CONFIRMED: "Payment received",
  SERVER_REQUESTED: "Server ordered",
  SERVER_READY: "Server started",
  DNS_PENDING: "Setting up the address",
  DNS_READY: "Address set up",
  PROVISIONING: "Installing the agent",
  REGISTERED: "Testing the safety gate",
  ACTIVE: "Active",
  FAILED: "Stopped",
  SUSPENDED: "Suspended",
  CANCELLING: "Being cancelled",
  CANCELLED: "Cancelled",
};
