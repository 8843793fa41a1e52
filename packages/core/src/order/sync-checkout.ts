import type { Order, OrderId } from "@berth/contracts";
import { type CtxWith, requireActor } from "../context.ts";
import { confirmPayment } from "./confirm-payment.ts";
import { getOrder } from "./get-order.ts";

/**
 * What the success page calls: asks Stripe itself, so that a late webhook never shows a paying customer an unpaid order.
 * Throws `not_found` for an order of somebody else.
 */
export async function syncCheckout({
  ctx,
  input,
}: {
  ctx: CtxWith<"billing">;
  input: { orderId: OrderId };
}): Promise<Order> {
  requireActor(ctx, "customer", "staff");
  await getOrder({ ctx, input });
  await confirmPayment({ ctx, input });
  return getOrder({ ctx, input });
}
