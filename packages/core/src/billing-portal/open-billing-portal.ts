import { fail } from "@berth/platform";
import { type CtxWith, requireActor } from "../context.ts";

/**
 * The payment provider's own page for invoices, cards and cancelling; `url` is good for a few minutes.
 * Throws `conflict` before the organisation has paid for anything.
 */
export async function openBillingPortal({ ctx }: { ctx: CtxWith<"billing" | "config"> }): Promise<{ url: string }> {
  const { organizationId } = requireActor(ctx, "customer");
  const organization = await ctx.db.organization.findUnique({ where: { id: organizationId } });
  const customerId = organization?.stripeCustomerId;
  if (!customerId) fail("conflict", "There is nothing to show yet: this organisation has not paid for anything.");
  return ctx.deps.billing.createPortalSession({ customerId, returnUrl: ctx.deps.config.hubUrl });
}
