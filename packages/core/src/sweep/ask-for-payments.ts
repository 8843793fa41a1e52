import { OrderId } from "@berth/contracts";
import type { CtxWith } from "../context.ts";
import { confirmPayment } from "../order/confirm-payment.ts";

const webhookPatienceMs = 5 * 60_000;
const graceMs = 60 * 60_000;
const atOnce = 20;

/** Unpaid orders whose payment page is or was open lately are asked about at Stripe, in case a webhook never came. */
export async function askForPayments(ctx: CtxWith<"billing">): Promise<number> {
  const now = ctx.clock.now();
  const unpaid = await ctx.db.order.findMany({
    where: {
      state: "PENDING_PAYMENT",
      updatedAt: { lt: new Date(now - webhookPatienceMs) },
      checkoutExpiresAt: { gt: new Date(now - graceMs) },
    },
    select: { id: true },
    orderBy: { updatedAt: "asc" },
    take: atOnce,
  });
  let confirmed = 0;
  for (const { id } of unpaid) {
    await ctx.db.order.updateMany({
      where: { id, state: "PENDING_PAYMENT" },
      data: { updatedAt: new Date(now) },
    });
    const outcome = await confirmPayment({ ctx, input: { orderId: OrderId.parse(id) } });
    if (outcome === "confirmed") confirmed += 1;
  }
  return confirmed;
}
