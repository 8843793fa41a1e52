import type { Order, OrderId } from "@berth/contracts";
import { fail } from "@berth/platform";
import { type CtxWith, requireActor } from "../context.ts";
import { visibleTo } from "../visible-to.ts";
import { orderParts, presentOrder } from "./present-order.ts";

/** Throws `not_found` for an order that does not exist, and in the same words for another organisation's. */
export async function getOrder({ ctx, input }: { ctx: CtxWith; input: { orderId: OrderId } }): Promise<Order> {
  const actor = requireActor(ctx, "customer", "staff", "system");
  const row = await visibleTo(ctx, actor).order.findUnique({ where: { id: input.orderId }, include: orderParts });
  return row ? presentOrder(row) : fail("not_found", "There is no such order.");
}
