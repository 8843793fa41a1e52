import { type Context, Hono } from "hono";
import { z } from "zod";
import { requireKey } from "./api.ts";
import { demand, type Emulator } from "./call.ts";
import { invalidRequest } from "./errors.ts";
import { completeCheckout } from "./flows/complete-checkout.ts";
import { renewSubscription } from "./flows/renew-subscription.ts";
import { act } from "./pages/routes.ts";
import { readSession } from "./resources/checkout-sessions.ts";

const CompleteInput = z.strictObject({
  card: z.string().default("4242424242424242"),
  email: z.email().default("customer@example.com"),
});
const ReleaseInput = z.strictObject({ order: z.enum(["oldest_first", "newest_first"]).default("oldest_first") });
const RedeliverInput = z.strictObject({ event: z.string() });

/**
 * `/_emulator/*`: what Stripe has no API for and tests and the walk need. JSON in and out, the secret key as bearer.
 * See `createStripeControls` for a client.
 */
export function createControl(emulator: Emulator, secretKey: string): Hono {
  const app = new Hono();
  const { webhooks } = emulator;
  app.use(async (context, next) => {
    requireKey(context, secretKey);
    await next();
  });
  app.get("/webhooks/deliveries", (context) => context.json({ deliveries: webhooks.deliveries() }));
  app.post("/webhooks/hold", (context) => {
    webhooks.hold();
    return context.json({ held: true });
  });
  app.post("/webhooks/release", async (context) => {
    await webhooks.release((await bodyOf(context, ReleaseInput)).order);
    return context.json({ deliveries: webhooks.deliveries() });
  });
  app.post("/webhooks/redeliver", async (context) => {
    const { event } = await bodyOf(context, RedeliverInput);
    await webhooks.redeliver(act(emulator, (call) => demand(call, "event", event)));
    return context.json({ deliveries: webhooks.deliveries().filter((one) => one.event === event) });
  });
  app.post("/checkout/sessions/:id/complete", async (context) => {
    const { card, email } = await bodyOf(context, CompleteInput);
    const year = new Date(emulator.clock.now()).getUTCFullYear() + 2;
    const form = { number: card, expMonth: 12, expYear: year, cvc: "123", name: "", email };
    const outcome = act(emulator, (call) => {
      const session = readSession(call, context.req.param("id"));
      return completeCheckout(call, session.id, { ...form, email: session.customer_email ?? email });
    });
    await webhooks.idle();
    return context.json(outcome, outcome.kind === "completed" ? 200 : 402);
  });
  app.post("/subscriptions/:id/renew", async (context) => {
    const renewed = act(emulator, (call) =>
      renewSubscription(call, demand(call, "subscription", context.req.param("id"))),
    );
    await webhooks.idle();
    return context.json(renewed);
  });
  return app;
}

async function bodyOf<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await context.req.json().catch(() => ({})));
  if (!parsed.success) throw invalidRequest(z.prettifyError(parsed.error));
  return parsed.data;
}
