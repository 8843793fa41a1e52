import type { OrderId, Plan, PlanId } from "@berth/contracts";

/** A payment page that waits for the customer. `url` is on the payment provider's own site. */
export interface Checkout {
  sessionId: string;
  url: string;
  expiresAtMs: number;
}

export interface CheckoutState {
  /** True once the provider holds the money (or needs none): the only thing that confirms an order. */
  paid: boolean;
  status: "open" | "complete" | "expired";
  customerId: string | null;
  subscriptionId: string | null;
  /** As given to `createCheckout`; null for a session that is not one of our orders. */
  orderId: string | null;
  organizationId: string | null;
  /** The page to go on paying; null once it is complete or expired. */
  url: string | null;
}

export interface SubscriptionState {
  id: string;
  status: string;
  customerId: string;
  orderId: string | null;
  organizationId: string | null;
  currentPeriodStartMs: number;
  currentPeriodEndMs: number;
  cancelAtPeriodEnd: boolean;
  endedAtMs: number | null;
}

/** A hint that something changed: read the object again, for events repeat and overtake each other. */
export interface BillingEvent {
  id: string;
  type: string;
  /** Id of the object the event is about; null for the few objects that have none. */
  objectId: string | null;
  createdMs: number;
}

export interface CreateCheckoutInput {
  orderId: OrderId;
  organizationId: string;
  email: string;
  /** Present when this organization paid before, so that it stays one customer. */
  customerId?: string | undefined;
  planId: PlanId;
  /** May hold `{CHECKOUT_SESSION_ID}`, which the provider fills in. */
  successUrl: string;
  cancelUrl: string;
  idempotencyKey: string;
}

/**
 * What Berth asks of a payment provider, in Berth's words.
 * Every method throws `AppError`: `unavailable` and `rate_limited` are worth a retry, the others are not.
 */
export interface Billing {
  /** Makes products, prices and the meter as the plans say. Safe to call at each start. */
  ensureCatalogue(plans: readonly Plan[]): Promise<void>;
  createCheckout(input: CreateCheckoutInput): Promise<Checkout>;
  readCheckout(sessionId: string): Promise<CheckoutState>;
  readSubscription(subscriptionId: string): Promise<SubscriptionState>;
  /** Opens the provider's own page for invoices, cards and cancelling. */
  createPortalSession(input: { customerId: string; returnUrl: string }): Promise<{ url: string }>;
  /** Verifies the signature over the raw body, at most 5 minutes old, or throws `unauthenticated`. */
  parseWebhook(rawBody: Buffer, signature: string | undefined): Promise<BillingEvent>;
  /** Adds tokens to the meter. The same `identifier` counts once, however often it is sent. */
  reportMeterEvent(input: { customerId: string; tokens: number; identifier: string; atMs: number }): Promise<void>;
  /** Tokens that the meter holds for the customer in the window, widened to whole minutes. */
  readMeterTotal(input: { customerId: string; fromMs: number; toMs: number }): Promise<number>;
  /** Ends the subscription now or with its period; cancelling a cancelled one changes nothing. */
  cancelSubscription(input: { subscriptionId: string; atPeriodEnd: boolean; idempotencyKey: string }): Promise<void>;
  /** Gives back what the newest invoice took; refunding twice gives back once. */
  refundSubscription(input: { subscriptionId: string; idempotencyKey: string }): Promise<{ refundedMinor: number }>;
}
