import { OrderId, PlanId } from "@berth/contracts";
import type { Order } from "@berth/db";
import { fail } from "@berth/platform";
import type { CtxWith } from "../context.ts";
import { pageLinks } from "../page-links.ts";

export interface OpenCheckout {
  paid: boolean;
  url: string | null;
}

/**
 * The order's one payment page. The page it has is used as long as Stripe keeps it open; only after it has expired there is
 * a new one. The idempotency key is made from the page before, so two callers at once get the same new page.
 */
export async function openCheckout(
  ctx: CtxWith<"billing" | "config">,
  order: Order,
  email: string,
): Promise<OpenCheckout> {
  if (order.checkoutSessionId) {
    const checkout = await ctx.deps.billing.readCheckout(order.checkoutSessionId);
    if (checkout.paid || checkout.status === "open") return { paid: checkout.paid, url: checkout.url };
    if (checkout.status === "complete") {
      fail("conflict", "Your payment is still on its way. We write to you as soon as it has arrived.");
    }
  }
  const { config } = ctx.deps;
  const { stripeCustomerId } = await ctx.db.organization.findUniqueOrThrow({ where: { id: order.organizationId } });
  const checkout = await ctx.deps.billing.createCheckout({
    orderId: OrderId.parse(order.id),
    organizationId: order.organizationId,
    planId: PlanId.parse(order.planId),
    email,
    customerId: stripeCustomerId ?? undefined,
    successUrl: pageLinks.order(config, order.id),
    cancelUrl: pageLinks.plans(config),
    idempotencyKey: `checkout-${order.id}-after-${order.checkoutSessionId ?? "none"}`,
  });
  await ctx.db.order.updateMany({
    where: { id: order.id, checkoutSessionId: order.checkoutSessionId },
    data: {
      checkoutSessionId: checkout.sessionId,
      checkoutUrl: checkout.url,
      checkoutExpiresAt: new Date(checkout.expiresAtMs),
      updatedAt: new Date(ctx.clock.now()),
    },
  });
  return { paid: false, url: checkout.url };
}
