import { inTransaction, isUniqueViolation } from "@berth/db";
import { type CtxWith, requireActor } from "../context.ts";
import { enqueueJob } from "../outbox/enqueue-job.ts";

/**
 * Takes a webhook of Stripe: checks the signature over the raw bytes, keeps the event once under its own id together with
 * the job that works it, and answers. Throws `unauthenticated` for a wrong or old signature. An event that is known
 * already answers `duplicate` and changes nothing.
 */
export async function receiveStripeEvent({
  ctx,
  input,
}: {
  ctx: CtxWith<"billing">;
  input: { rawBody: Buffer; signature: string | undefined };
}): Promise<"stored" | "duplicate"> {
  requireActor(ctx, "webhook");
  const event = await ctx.deps.billing.parseWebhook(input.rawBody, input.signature);
  const { id, type, objectId } = event;
  try {
    await inTransaction(ctx.db, async (tx) => {
      await tx.webhookEvent.create({
        data: {
          id,
          source: "stripe",
          type,
          objectId,
          createdAt: new Date(event.createdMs),
          receivedAt: new Date(ctx.clock.now()),
        },
      });
      await enqueueJob(tx, ctx, "stripe.event", { eventId: id });
    });
    return "stored";
  } catch (error) {
    if (isUniqueViolation(error)) return "duplicate";
    throw error;
  }
}
