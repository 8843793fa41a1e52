import { fail } from "@berth/platform";
import type Stripe from "stripe";
import type { SubscriptionState } from "./billing.ts";
import { idInPath } from "./checkout.ts";
import type { StripeContext } from "./stripe-client.ts";
import { callStripe, isStripeCode } from "./stripe-errors.ts";

export function readSubscription({ stripe }: StripeContext, subscriptionId: string): Promise<SubscriptionState> {
  return callStripe(async () => {
    const subscription = await stripe.subscriptions.retrieve(idInPath(subscriptionId));
    const item = subscription.items.data[0];
    if (!item) fail("internal", "The subscription has no items.", { internal: subscription.id });
    return {
      id: subscription.id,
      status: subscription.status,
      customerId: typeof subscription.customer === "string" ? subscription.customer : subscription.customer.id,
      orderId: subscription.metadata.orderId ?? null,
      organizationId: subscription.metadata.organizationId ?? null,
      currentPeriodStartMs: item.current_period_start * 1000,
      currentPeriodEndMs: item.current_period_end * 1000,
      cancelAtPeriodEnd: subscription.cancel_at_period_end,
      endedAtMs: subscription.ended_at === null ? null : subscription.ended_at * 1000,
    };
  });
}

export function cancelSubscription(
  { stripe }: StripeContext,
  input: { subscriptionId: string; atPeriodEnd: boolean; idempotencyKey: string },
): Promise<void> {
  return callStripe(async () => {
    const id = idInPath(input.subscriptionId);
    const subscription = await stripe.subscriptions.retrieve(id);
    if (subscription.status === "canceled") return;
    const options = { idempotencyKey: input.idempotencyKey };
    if (input.atPeriodEnd) await stripe.subscriptions.update(id, { cancel_at_period_end: true }, options);
    else await stripe.subscriptions.cancel(id, {}, options);
  });
}

/** Refunds every payment of the newest invoice in full. A payment that was refunded before adds nothing. */
export function refundSubscription(
  { stripe }: StripeContext,
  input: { subscriptionId: string; idempotencyKey: string },
): Promise<{ refundedMinor: number }> {
  return callStripe(async () => {
    const subscription = await stripe.subscriptions.retrieve(idInPath(input.subscriptionId));
    const invoice = subscription.latest_invoice;
    if (!invoice) return { refundedMinor: 0 };
    const invoiceId = typeof invoice === "string" ? invoice : invoice.id;
    const payments = await stripe.invoicePayments.list({ invoice: invoiceId, status: "paid", limit: 100 });
    let refundedMinor = 0;
    for (const { payment } of payments.data) {
      const intent = typeof payment.payment_intent === "string" ? payment.payment_intent : payment.payment_intent?.id;
      if (intent) refundedMinor += await refundPayment(stripe, intent, input.idempotencyKey);
    }
    return { refundedMinor };
  });
}

async function refundPayment(stripe: Stripe, paymentIntent: string, idempotencyKey: string): Promise<number> {
  try {
    const refund = await stripe.refunds.create(
      { payment_intent: paymentIntent, reason: "requested_by_customer" },
      { idempotencyKey: `${idempotencyKey}-${paymentIntent}` },
    );
    return refund.amount;
  } catch (thrown) {
    if (isStripeCode(thrown, "charge_already_refunded")) return 0;
    throw thrown;
  }
}
