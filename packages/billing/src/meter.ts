import { fail } from "@berth/platform";
import Stripe from "stripe";
import { findMeterId } from "./catalogue.ts";
import { idInPath } from "./checkout.ts";
import type { StripeContext } from "./stripe-client.ts";
import { callStripe } from "./stripe-errors.ts";

/** Stripe takes an `identifier` once within at least 24 hours; a second one is refused, which here means "done". */
export function reportMeterEvent(
  { stripe, meterEventName }: StripeContext,
  input: { customerId: string; tokens: number; identifier: string; atMs: number },
): Promise<void> {
  if (!Number.isSafeInteger(input.tokens) || input.tokens < 0)
    fail("invalid_input", "Tokens are a whole number, 0 or more.");
  return callStripe(async () => {
    try {
      await stripe.billing.meterEvents.create(
        {
          event_name: meterEventName,
          identifier: input.identifier,
          timestamp: Math.floor(input.atMs / 1000),
          payload: { stripe_customer_id: input.customerId, value: String(input.tokens) },
        },
        { idempotencyKey: `berth-meter-event-${input.identifier}` },
      );
    } catch (thrown) {
      if (!isAlreadyCounted(thrown)) throw thrown;
    }
  });
}

/** Stripe has no code of its own for this refusal, only the sentence. */
const isAlreadyCounted = (thrown: unknown): boolean =>
  thrown instanceof Stripe.errors.StripeInvalidRequestError && /already exists with identifier/i.test(thrown.message);

const minuteMs = 60_000;

/** Stripe wants the window on whole minutes and may take a few minutes to count what it was sent. */
export function readMeterTotal(
  context: StripeContext,
  input: { customerId: string; fromMs: number; toMs: number },
): Promise<number> {
  return callStripe(async () => {
    const meterId = await findMeterId(context);
    if (!meterId) fail("unavailable", "Usage is not metered yet.", { internal: `no meter ${context.meterEventName}` });
    const summaries = context.stripe.billing.meters.listEventSummaries(meterId, {
      customer: idInPath(input.customerId),
      start_time: (Math.floor(input.fromMs / minuteMs) * minuteMs) / 1000,
      end_time: (Math.ceil(input.toMs / minuteMs) * minuteMs) / 1000,
      limit: 100,
    });
    let total = 0;
    for await (const summary of summaries) total += summary.aggregated_value;
    return total;
  });
}
