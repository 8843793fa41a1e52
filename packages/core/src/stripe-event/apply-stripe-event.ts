import { isDeepStrictEqual } from "node:util";
import type { SubscriptionState } from "@berth/billing";
import { OrderId } from "@berth/contracts";
import { inTransaction } from "@berth/db";
import { appErrorOf, fail } from "@berth/platform";
import { recordAudit } from "../audit/record-audit.ts";
import { type CtxWith, requireActor } from "../context.ts";
import { publishEvent } from "../events/publish.ts";
import { confirmPayment } from "../order/confirm-payment.ts";

type ApplyCtx = CtxWith<"billing">;
type Verdict = { state: "applied"; reason: null } | { state: "ignored"; reason: string };

const roundsMax = 5;
const applied: Verdict = { state: "applied", reason: null };
const ignored = (reason: string): Verdict => ({ state: "ignored", reason });

/**
 * Works a stored event. What it says is a hint only: its object is read again at Stripe, so events may repeat, come late
 * or overtake each other. An event about something that is not ours is marked `ignored` with the reason.
 * Throws `unavailable` and `rate_limited` while Stripe can't be asked; the job is then tried again.
 */
export async function applyStripeEvent({ ctx, input }: { ctx: ApplyCtx; input: { eventId: string } }): Promise<void> {
  requireActor(ctx, "system");
  const event = await ctx.db.webhookEvent.findUnique({ where: { id: input.eventId } });
  if (event?.state !== "received") return;
  const verdict = await apply(ctx, event.objectId ?? "").catch((thrown: unknown): Verdict => {
    const error = appErrorOf(thrown);
    if (error.code !== "not_found") throw error;
    return ignored("Stripe does not know this object.");
  });
  await ctx.db.webhookEvent.updateMany({
    where: { id: event.id, state: "received" },
    data: { ...verdict, appliedAt: new Date(ctx.clock.now()) },
  });
}

async function apply(ctx: ApplyCtx, objectId: string): Promise<Verdict> {
  if (objectId.startsWith("cs_")) return applyCheckout(ctx, objectId);
  if (objectId.startsWith("sub_")) return applySubscription(ctx, objectId);
  return ignored("Berth does not follow this kind of object.");
}

async function applyCheckout(ctx: ApplyCtx, sessionId: string): Promise<Verdict> {
  const checkout = await ctx.deps.billing.readCheckout(sessionId);
  const orderId = OrderId.safeParse(checkout.orderId);
  if (!orderId.success) return ignored("The checkout is not for an order of ours.");
  const outcome = await confirmPayment({ ctx, input: { orderId: orderId.data, sessionId } });
  return outcome === "unknown_order" ? ignored("There is no such order.") : applied;
}

/**
 * Two events that are worked at once may read the subscription in one order and write it in the other. So whoever writes
 * reads again afterwards, and whoever wrote last leaves what Stripe says now.
 */
async function applySubscription(ctx: ApplyCtx, subscriptionId: string): Promise<Verdict> {
  let subscription = await ctx.deps.billing.readSubscription(subscriptionId);
  for (let round = 0; round < roundsMax; round += 1) {
    const isOurs = await keepSubscription(ctx, subscription);
    if (!isOurs) return ignored("The subscription is not for an order of ours.");
    const again = await ctx.deps.billing.readSubscription(subscriptionId);
    if (isDeepStrictEqual(factsOf(again), factsOf(subscription))) return applied;
    subscription = again;
  }
  fail("unavailable", "The subscription keeps changing. Try again in a moment.");
}

const factsOf = (subscription: SubscriptionState) => ({
  subscriptionStatus: subscription.status,
  currentPeriodStart: new Date(subscription.currentPeriodStartMs),
  currentPeriodEnd: new Date(subscription.currentPeriodEndMs),
});

/** False if no order of ours belongs to it. */
function keepSubscription(ctx: ApplyCtx, subscription: SubscriptionState): Promise<boolean> {
  const { id: subscriptionId, orderId } = subscription;
  const facts = factsOf(subscription);
  return inTransaction(ctx.db, async (tx) => {
    const order = await tx.order.findFirst({
      where: { OR: [{ subscriptionId }, { id: orderId ?? "", subscriptionId: null }] },
    });
    if (!order) return false;
    await tx.order.update({
      where: { id: order.id },
      data: { subscriptionId, ...facts, updatedAt: new Date(ctx.clock.now()) },
    });
    if (order.subscriptionStatus === facts.subscriptionStatus) return true;
    await publishEvent(tx, { entity: "order", id: order.id, tenantId: null, organizationId: order.organizationId });
    await recordAudit(tx, ctx, {
      action: "order.subscription_changed",
      entity: "order",
      entityId: order.id,
      organizationId: order.organizationId,
      details: { from: order.subscriptionStatus, to: facts.subscriptionStatus },
    });
    return true;
  });
}
