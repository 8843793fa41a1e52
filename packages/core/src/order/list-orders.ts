import type { Order, OrderState, Page, PageInput } from "@berth/contracts";
import { type CtxWith, requireActor } from "../context.ts";
import { pageFrom, pageQuery } from "../listing/page.ts";
import { visibleTo } from "../visible-to.ts";
import { orderParts, presentOrder } from "./present-order.ts";

/** Orders, newest first: a customer sees their organisation's, staff all of them. */
export async function listOrders({
  ctx,
  input,
}: {
  ctx: CtxWith;
  input: PageInput & { state?: OrderState | undefined };
}): Promise<Page<Order>> {
  const actor = requireActor(ctx, "customer", "staff");
  const page = pageQuery(input);
  const state = input.state ? { state: input.state } : {};
  const rows = await visibleTo(ctx, actor).order.findMany({
    ...page,
    where: { ...page.where, ...state },
    include: orderParts,
  });
  return pageFrom(rows, input, presentOrder);
}
