import { CreateOrderInput, type CreateOrderResult, OrderId } from "@berth/contracts";
import { inTransaction, isUniqueViolation, type Order } from "@berth/db";
import { fail, parseOrFail } from "@berth/platform";
import { recordAudit } from "../audit/record-audit.ts";
import { type ActorOf, type CtxWith, requireActor } from "../context.ts";
import { confirmPayment } from "./confirm-payment.ts";
import { getOrder } from "./get-order.ts";
import { openCheckout } from "./open-checkout.ts";

type CreateCtx = CtxWith<"billing" | "config">;

/**
 * Orders a plan and says where to pay. An unpaid order of the same organisation and plan is taken up again together with
 * its payment page, so that nobody pays twice; if that page was paid meanwhile, the order is confirmed and there is none.
 * Throws `forbidden` until the e-mail address is confirmed, and `conflict` where there is an agent already.
 */
export async function createOrder({ ctx, input }: { ctx: CreateCtx; input: unknown }): Promise<CreateOrderResult> {
  const actor = requireActor(ctx, "customer");
  if (!actor.emailVerified) fail("forbidden", "Confirm your e-mail address first: we have sent you a link.");
  const { planId } = parseOrFail(CreateOrderInput, input, "order");
  const order = await findOrMakeUnpaid(ctx, actor, planId);
  const checkout = await openCheckout(ctx, order, actor.email);
  const orderId = OrderId.parse(order.id);
  if (checkout.paid) await confirmPayment({ ctx, input: { orderId } });
  return { order: await getOrder({ ctx, input: { orderId } }), checkoutUrl: checkout.paid ? null : checkout.url };
}

async function findOrMakeUnpaid(ctx: CreateCtx, actor: ActorOf<"customer">, planId: string): Promise<Order> {
  const unpaid = { organizationId: actor.organizationId, planId, state: "PENDING_PAYMENT" as const };
  const open = await ctx.db.order.findFirst({ where: unpaid });
  if (open) return open;
  await requireNoAgentYet(ctx, actor);
  try {
    return await makeOrder(ctx, actor, planId);
  } catch (error) {
    // Two clicks at once: the database let one of them through, and the other takes up that order.
    if (!isUniqueViolation(error)) throw error;
    return ctx.db.order.findFirstOrThrow({ where: unpaid });
  }
}

/**
 * One meter of a Stripe customer counts for all its subscriptions, so a second agent would be billed for the first one's
 * tokens too (docs/adr/0010-every-token-is-metered.md). Throws `conflict`.
 */
async function requireNoAgentYet(ctx: CreateCtx, actor: ActorOf<"customer">): Promise<void> {
  const { organizationId } = actor;
  const paid = { organizationId, state: { notIn: ["PENDING_PAYMENT" as const, "CANCELLED" as const] } };
  if ((await ctx.db.order.count({ where: paid })) === 0) return;
  fail("conflict", "You have an agent already, or it is being set up. A second one cannot be ordered yet.");
}

function makeOrder(ctx: CreateCtx, actor: ActorOf<"customer">, planId: string): Promise<Order> {
  const now = new Date(ctx.clock.now());
  return inTransaction(ctx.db, async (tx) => {
    const order = await tx.order.create({
      data: {
        id: ctx.ids.next("ord"),
        organizationId: actor.organizationId,
        userId: actor.userId,
        planId,
        stateEnteredAt: now,
        createdAt: now,
        updatedAt: now,
      },
    });
    await recordAudit(tx, ctx, {
      action: "order.created",
      entity: "order",
      entityId: order.id,
      organizationId: actor.organizationId,
      details: { planId },
    });
    return order;
  });
}
