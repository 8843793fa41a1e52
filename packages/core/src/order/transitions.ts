import type { OrderState } from "@berth/contracts";

/** Every move an order may make. What is not here is refused. */
export const transitions: Record<OrderState, readonly OrderState[]> = {
  PENDING_PAYMENT: ["PAYMENT_CONFIRMED", "CANCELLED"],
  PAYMENT_CONFIRMED: ["SERVER_REQUESTED", "FAILED", "CANCELLING"],
  SERVER_REQUESTED: ["SERVER_READY", "FAILED", "CANCELLING"],
  SERVER_READY: ["DNS_PENDING", "FAILED", "CANCELLING"],
  DNS_PENDING: ["DNS_READY", "FAILED", "CANCELLING"],
  DNS_READY: ["PROVISIONING", "FAILED", "CANCELLING"],
  PROVISIONING: ["REGISTERED", "FAILED", "CANCELLING"],
  REGISTERED: ["ACTIVE", "FAILED", "CANCELLING"],
  ACTIVE: ["SUSPENDED", "CANCELLING"],
  // Back to the state it failed in.
  FAILED: [
    "PAYMENT_CONFIRMED",
    "SERVER_REQUESTED",
    "SERVER_READY",
    "DNS_PENDING",
    "DNS_READY",
    "PROVISIONING",
    "REGISTERED",
    "CANCELLING",
  ],
  SUSPENDED: ["ACTIVE", "CANCELLING"],
  CANCELLING: ["CANCELLED"],
  CANCELLED: [],
};

export const isAllowed = (from: OrderState, to: OrderState): boolean => transitions[from].includes(to);
