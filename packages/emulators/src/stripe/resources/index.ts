import type { Endpoint } from "../endpoint.ts";
import { billingPortalEndpoints } from "./billing-portal.ts";
import { checkoutSessionEndpoints } from "./checkout-sessions.ts";
import { customerEndpoints } from "./customers.ts";
import { eventEndpoints, webhookEndpointEndpoints } from "./events.ts";
import { invoiceEndpoints } from "./invoices.ts";
import { meterEndpoints } from "./meters.ts";
import { paymentEndpoints, refundEndpoints } from "./payments.ts";
import { priceEndpoints } from "./prices.ts";
import { productEndpoints } from "./products.ts";
import { subscriptionEndpoints } from "./subscriptions.ts";

/** Every path the emulator knows; any other one answers as Stripe does for an unknown address. */
export const endpoints: readonly Endpoint[] = [
  ...billingPortalEndpoints,
  ...checkoutSessionEndpoints,
  ...customerEndpoints,
  ...eventEndpoints,
  ...invoiceEndpoints,
  ...meterEndpoints,
  ...paymentEndpoints,
  ...priceEndpoints,
  ...productEndpoints,
  ...refundEndpoints,
  ...subscriptionEndpoints,
  ...webhookEndpointEndpoints,
];
