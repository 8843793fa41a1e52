import type { PortalSession } from "./billing-portal.ts";
import type { CheckoutSession } from "./checkout-session.ts";
import type { Customer } from "./customer.ts";
import type { Event, WebhookEndpoint } from "./event.ts";
import type { Invoice, InvoicePayment } from "./invoice.ts";
import type { Meter } from "./meter.ts";
import type { Charge, PaymentIntent, PaymentMethod, Refund } from "./payment.ts";
import type { Price } from "./price.ts";
import type { Product } from "./product.ts";
import type { Subscription } from "./subscription.ts";

/** Every kind of object that has an id and is kept. */
export interface Objects {
  "billing.meter": Meter;
  "billing_portal.session": PortalSession;
  "checkout.session": CheckoutSession;
  charge: Charge;
  customer: Customer;
  event: Event;
  invoice: Invoice;
  invoice_payment: InvoicePayment;
  payment_intent: PaymentIntent;
  payment_method: PaymentMethod;
  price: Price;
  product: Product;
  refund: Refund;
  subscription: Subscription;
  webhook_endpoint: WebhookEndpoint;
}
export type ObjectKind = keyof Objects;
export type AnyObject = Objects[ObjectKind];
