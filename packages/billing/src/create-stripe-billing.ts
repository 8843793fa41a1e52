import type { Billing } from "./billing.ts";
import { ensureCatalogue } from "./catalogue.ts";
import { createCheckout, idInPath, readCheckout } from "./checkout.ts";
import { readMeterTotal, reportMeterEvent } from "./meter.ts";
import { createStripeContext, type StripeBillingOptions } from "./stripe-client.ts";
import { callStripe } from "./stripe-errors.ts";
import { cancelSubscription, readSubscription, refundSubscription } from "./subscription.ts";
import { parseWebhook } from "./webhook.ts";

/** `Billing` on Stripe, or on the Stripe emulator when `apiUrl` is given. Makes no request by itself. */
export function createStripeBilling(options: StripeBillingOptions): Billing {
  const context = createStripeContext(options);
  return {
    ensureCatalogue: (plans) => ensureCatalogue(context, plans),
    createCheckout: (input) => createCheckout(context, input),
    readCheckout: (sessionId) => readCheckout(context, sessionId),
    readSubscription: (subscriptionId) => readSubscription(context, subscriptionId),
    createPortalSession: ({ customerId, returnUrl }) =>
      callStripe(async () => {
        const customer = idInPath(customerId);
        const { url } = await context.stripe.billingPortal.sessions.create({ customer, return_url: returnUrl });
        return { url };
      }),
    parseWebhook: (rawBody, signature) => parseWebhook(context, rawBody, signature),
    reportMeterEvent: (input) => reportMeterEvent(context, input),
    readMeterTotal: (input) => readMeterTotal(context, input),
    cancelSubscription: (input) => cancelSubscription(context, input),
    refundSubscription: (input) => refundSubscription(context, input),
  };
}
