import { AppError, parseOrFail, reveal } from "@berth/platform";
import { z } from "zod";
import type { BillingEvent } from "./billing.ts";
import type { StripeContext } from "./stripe-client.ts";

const toleranceSeconds = 300;

const StripeEvent = z.object({
  id: z.string().regex(/^evt_[A-Za-z0-9_]+$/),
  type: z.string().max(200),
  created: z.int(),
  data: z.object({ object: z.object({ id: z.string().optional() }) }),
});

/** Only id, type and object id leave this function: the rest of an event may be old by the time it is worked. */
export async function parseWebhook(
  { stripe, webhookSecret, clock }: StripeContext,
  rawBody: Buffer,
  signature: string | undefined,
): Promise<BillingEvent> {
  const event = parseOrFail(StripeEvent, await verified(), "webhook");
  return { id: event.id, type: event.type, objectId: event.data.object.id ?? null, createdMs: event.created * 1000 };

  async function verified(): Promise<unknown> {
    try {
      const secret = reveal(webhookSecret);
      return await stripe.webhooks.constructEventAsync(
        rawBody,
        signature ?? "",
        secret,
        toleranceSeconds,
        undefined,
        clock.now(),
      );
    } catch {
      // Stripe's error holds the whole payload and is dropped for that reason.
      throw new AppError("unauthenticated", "The webhook's signature was not accepted.");
    }
  }
}
