import { z } from "zod";
import { PlanId } from "./plan.ts";
import { OrderId, TenantId, Timestamp } from "./primitives.ts";

/** States of an order; the table of moves is `core/src/order/transitions.ts`. */
export const OrderState = z.enum([
  "PENDING_PAYMENT",
  "PAYMENT_CONFIRMED",
  "SERVER_REQUESTED",
  "SERVER_READY",
  "DNS_PENDING",
  "DNS_READY",
  "PROVISIONING",
  "REGISTERED",
  "ACTIVE",
  "FAILED",
  "SUSPENDED",
  "CANCELLING",
  "CANCELLED",
]);
export type OrderState = z.infer<typeof OrderState>;

/** One row of an order's journal: an attempt to move on from `state`. */
export const OrderStep = z.object({
  state: OrderState,
  attempt: z.int().positive(),
  status: z.enum(["running", "succeeded", "failed"]),
  /** In plain words, for the customer and the operator. Absent unless it failed or waits. */
  reason: z.string().nullable(),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
});
export type OrderStep = z.infer<typeof OrderStep>;

export const Order = z.object({
  id: OrderId,
  planId: PlanId,
  state: OrderState,
  failureReason: z.string().nullable(),
  tenantId: TenantId.nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  steps: z.array(OrderStep),
});
export type Order = z.infer<typeof Order>;

export const CreateOrderInput = z.object({ planId: PlanId });
export type CreateOrderInput = z.infer<typeof CreateOrderInput>;

/** Answer to creating an order: where the customer pays. */
export const CreateOrderResult = z.object({ order: Order, checkoutUrl: z.url().nullable() });
export type CreateOrderResult = z.infer<typeof CreateOrderResult>;
