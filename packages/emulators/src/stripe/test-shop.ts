import Stripe from "stripe";
import { createStripeControls } from "./controls.ts";
import { type StripeEmulatorOptions, startStripeEmulator } from "./start-stripe-emulator.ts";

export const secretKey = "sk_test_emulator0123456789";
export const webhookSecret = "whsec_emulator";

/** An emulator with the real SDK on it, and a shop that sells one plan with metered overage. */
export async function openShop(options: Partial<StripeEmulatorOptions> = {}) {
  const emulator = await startStripeEmulator({ secretKey, ...options });
  const { port } = new URL(emulator.url);
  const stripe = new Stripe(secretKey, {
    host: "127.0.0.1",
    port,
    protocol: "http",
    telemetry: false,
    maxNetworkRetries: 0,
  });
  const controls = createStripeControls({ url: emulator.url, secretKey });
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${emulator.url}${path}`, {
      method: "POST",
      body,
      headers: {
        authorization: `Bearer ${secretKey}`,
        "content-type": "application/x-www-form-urlencoded",
        ...headers,
      },
    });

  async function stock() {
    const product = await stripe.products.create({ name: "Team" });
    const meter = await stripe.billing.meters.create({
      display_name: "Tokens",
      event_name: "tokens",
      default_aggregation: { formula: "sum" },
    });
    const base = await stripe.prices.create({
      product: product.id,
      currency: "eur",
      unit_amount: 4900,
      recurring: { interval: "month" },
      lookup_key: "base",
    });
    const overage = await stripe.prices.create({
      product: product.id,
      currency: "eur",
      billing_scheme: "tiered",
      tiers_mode: "graduated",
      tiers: [
        { up_to: 1000, unit_amount: 0 },
        { up_to: "inf", unit_amount_decimal: Stripe.Decimal.from("0.5") },
      ],
      recurring: { interval: "month", usage_type: "metered", meter: meter.id },
    });
    return { product, meter, base, overage };
  }

  async function openSession(orderId = "ord_1") {
    const { base, overage, meter } = await stock();
    const session = await stripe.checkout.sessions.create({
      mode: "subscription",
      line_items: [{ price: base.id, quantity: 1 }, { price: overage.id }],
      client_reference_id: orderId,
      customer_email: "ada@example.com",
      metadata: { orderId },
      subscription_data: { metadata: { orderId } },
      success_url: "https://shop.example/done?session={CHECKOUT_SESSION_ID}",
      cancel_url: "https://shop.example/back",
    });
    return { session, base, overage, meter };
  }

  /** Pays and gives the finished session. */
  async function sell() {
    const { session, meter } = await openSession();
    await controls.completeCheckout(session.id);
    const paid = await stripe.checkout.sessions.retrieve(session.id);
    return { session: paid, meter, customerId: String(paid.customer), subscriptionId: String(paid.subscription) };
  }

  return { emulator, stripe, controls, post, stock, openSession, sell, close: () => emulator.close() };
}
