import { type JobPayload, OrderState } from "@berth/contracts";
import type { Prisma } from "@berth/db";
import { agentReadyMail, type MailContent, orderConfirmedMail, orderFailedMail } from "@berth/notify";
import { fail } from "@berth/platform";
import { type CtxWith, requireActor } from "../context.ts";
import { pageLinks } from "../page-links.ts";
import { planOf } from "../plan/plans.ts";
import { steps } from "./steps/index.ts";

const parts = { user: { select: { email: true } }, tenant: { select: { id: true, name: true } } } as const;
type OrderForMail = Prisma.OrderGetPayload<{ include: typeof parts }>;

/**
 * Writes to the person who ordered. Sent at least once; the key keeps a repeat out of most mailboxes. News that is no longer
 * true (a failure that was mended before the mail went out) is not sent.
 */
export async function sendOrderMail({
  ctx,
  input,
}: {
  ctx: CtxWith<"mailer" | "config">;
  input: JobPayload<"order.mail">;
}): Promise<void> {
  requireActor(ctx, "system");
  const order = await ctx.db.order.findUnique({ where: { id: input.orderId }, include: parts });
  if (!order) fail("not_found", "There is no such order.");
  const content = contentOf(ctx, order, input.mail);
  if (!content) return;
  const idempotencyKey = `${order.id}-${input.mail}-${order.stateEnteredAt.getTime()}`;
  await ctx.deps.mailer.send({ ...content, to: order.user.email, idempotencyKey });
}

function contentOf(
  ctx: CtxWith<"config">,
  order: OrderForMail,
  mail: JobPayload<"order.mail">["mail"],
): MailContent | null {
  const plan = planOf(order.planId);
  const orderUrl = pageLinks.order(ctx.deps.config, order.id);
  switch (mail) {
    case "confirmed": {
      const { name, priceMinor, currency } = plan;
      return orderConfirmedMail({ orderId: order.id, planName: name, priceMinor, currency, url: orderUrl });
    }
    case "active": {
      if (order.state !== OrderState.enum.ACTIVE || !order.tenant) return null;
      const url = pageLinks.chat(ctx.deps.config, order.tenant.id);
      return agentReadyMail({ tenantName: order.tenant.name, url });
    }
    case "failed": {
      if (order.state !== OrderState.enum.FAILED || !order.failedFrom) return null;
      const step = steps[order.failedFrom]?.title ?? order.failedFrom;
      return orderFailedMail({ orderId: order.id, step, reason: order.failureReason ?? "", url: orderUrl });
    }
  }
}
