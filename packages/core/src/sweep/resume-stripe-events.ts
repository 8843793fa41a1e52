import type { CtxWith } from "../context.ts";
import { applyStripeEvent } from "../stripe-event/apply-stripe-event.ts";
import { workEach } from "./work-each.ts";

const patienceMs = 10 * 60_000;
const giveUpMs = 3 * 24 * 3_600_000;
const atOnce = 20;

/** Events that were kept and never worked, because Stripe was away for longer than their job was tried. */
export async function resumeStripeEvents(ctx: CtxWith<"billing">): Promise<void> {
  const now = ctx.clock.now();
  const waiting = await ctx.db.webhookEvent.findMany({
    where: { state: "received", receivedAt: { lt: new Date(now - patienceMs), gt: new Date(now - giveUpMs) } },
    orderBy: { receivedAt: "asc" },
    take: atOnce,
    select: { id: true },
  });
  const ids = waiting.map((event) => event.id);
  await workEach(ctx, ids, (eventId) => applyStripeEvent({ ctx, input: { eventId } }));
}
