import { fail } from "@berth/platform";
import type Stripe from "stripe";
import { z } from "zod";
import type { Checkout, CheckoutState, CreateCheckoutInput } from "./billing.ts";
import { findPriceIds } from "./catalogue.ts";
import type { StripeContext } from "./stripe-client.ts";
import { callStripe } from "./stripe-errors.ts";

/** Opens a hosted payment page for one order. The same idempotency key gives the same page. */
export function createCheckout(context: StripeContext, input: CreateCheckoutInput): Promise<Checkout> {
  return callStripe(async () => {
    const prices = await findPriceIds(context, input.planId);
    const metadata = { orderId: input.orderId, organizationId: input.organizationId, planId: input.planId };
    const session = await context.stripe.checkout.sessions.create(
      {
        mode: "subscription",
        line_items: [{ price: prices.base, quantity: 1 }, { price: prices.overage }],
        client_reference_id: input.orderId,
        ...(input.customerId ? { customer: input.customerId } : { customer_email: input.email }),
        metadata,
        subscription_data: { metadata },
        success_url: input.successUrl,
        cancel_url: input.cancelUrl,
      },
      { idempotencyKey: input.idempotencyKey },
    );
    if (!session.url) fail("unavailable", "The payment page could not be opened. Try again in a moment.");
    return { sessionId: session.id, url: session.url, expiresAtMs: session.expires_at * 1000 };
  });
}

/** Reads the session again at Stripe. Throws `not_found` for an id that Stripe does not know. */
export function readCheckout({ stripe }: StripeContext, sessionId: string): Promise<CheckoutState> {
  return callStripe(async () => {
    const session = await stripe.checkout.sessions.retrieve(idInPath(sessionId));
    const status = z.enum(["open", "complete", "expired"]).parse(session.status);
    return {
      paid: status === "complete" && session.payment_status !== "unpaid",
      status,
      customerId: idOf(session.customer),
      subscriptionId: idOf(session.subscription),
      orderId: session.client_reference_id,
      organizationId: session.metadata?.organizationId ?? null,
      url: status === "open" ? session.url : null,
    };
  });
}

/** The session id comes from a browser's address bar: only Stripe's own form of an id may enter a path. */
export function idInPath(id: string): string {
  if (!/^[A-Za-z0-9_]{3,255}$/.test(id)) fail("not_found", "The payment provider does not know this.");
  return id;
}

type Reference = string | Pick<Stripe.Customer, "id"> | null;
const idOf = (reference: Reference): string | null =>
  typeof reference === "object" ? (reference?.id ?? null) : reference;
