import { OrderId } from "@berth/contracts";
import { inTransaction, type Order, type Tx } from "@berth/db";
import { type CtxWith, requireActor } from "../context.ts";
import { enqueueJob } from "../outbox/enqueue-job.ts";
import { visibleTo } from "../visible-to.ts";
import { transition } from "./transition.ts";

type PaymentCtx = CtxWith<"billing">;

export type PaymentOutcome = "confirmed" | "already_confirmed" | "unpaid" | "unknown_order";

/**
 * Asks Stripe whether an order is paid and, if it is, confirms it and starts the work. The webhook, the success page and the
 * sweep all call this verb: whoever comes first confirms, the others change nothing. Nobody's word but Stripe's counts.
 */
export async function confirmPayment({
  ctx,
  input,
}: {
  ctx: PaymentCtx;
  input: { orderId: OrderId; sessionId?: string };
}): Promise<PaymentOutcome> {
  const actor = requireActor(ctx, "customer", "staff", "webhook", "system");
  const order = await visibleTo(ctx, actor).order.findUnique({ where: { id: input.orderId } });
  if (!order) return "unknown_order";
  if (order.state !== "PENDING_PAYMENT") return "already_confirmed";
  const sessionId = input.sessionId ?? order.checkoutSessionId;
  if (!sessionId) return "unpaid";
  const checkout = await ctx.deps.billing.readCheckout(sessionId);
  // Only a payment for this very order counts, whatever id somebody sent along.
  if (!checkout.paid || checkout.orderId !== order.id) return "unpaid";
  const subscription = checkout.subscriptionId
    ? await ctx.deps.billing.readSubscription(checkout.subscriptionId)
    : null;
  const paid: PaidOrder = {
    sessionId,
    customerId: checkout.customerId,
    subscriptionId: subscription?.id ?? null,
    subscriptionStatus: subscription?.status ?? null,
    currentPeriodStart: subscription ? new Date(subscription.currentPeriodStartMs) : null,
    currentPeriodEnd: subscription ? new Date(subscription.currentPeriodEndMs) : null,
  };
  return inTransaction(ctx.db, (tx) => confirmOnce(tx, ctx, order, paid));
}

interface PaidOrder {
  sessionId: string;
  customerId: string | null;
  subscriptionId: string | null;
  subscriptionStatus: string | null;
  currentPeriodStart: Date | null;
  currentPeriodEnd: Date | null;
}

async function confirmOnce(tx: Tx, ctx: PaymentCtx, order: Order, paid: PaidOrder): Promise<PaymentOutcome> {
  await tx.$queryRaw`SELECT "id" FROM "Order" WHERE "id" = ${order.id} FOR UPDATE`;
  const current = await tx.order.findUniqueOrThrow({ where: { id: order.id } });
  if (current.state !== "PENDING_PAYMENT") return "already_confirmed";
  const { sessionId, customerId, ...subscription } = paid;
  if (customerId) {
    await tx.organization.updateMany({
      where: { id: order.organizationId, stripeCustomerId: null },
      data: { stripeCustomerId: customerId },
    });
  }
  await enqueueJob(tx, ctx, "order.advance", { orderId: OrderId.parse(order.id) });
  await enqueueJob(tx, ctx, "order.mail", { orderId: OrderId.parse(order.id), mail: "confirmed" });
  await transition(tx, ctx, {
    order: current,
    to: "PAYMENT_CONFIRMED",
    data: { checkoutSessionId: sessionId, checkoutUrl: null, ...subscription },
    details: { checkoutSessionId: sessionId },
  });
  return "confirmed";
}
