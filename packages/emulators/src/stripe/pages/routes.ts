import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { html } from "hono/html";
import { type Call, demand, type Emulator } from "../call.ts";
import { StripeApiError } from "../errors.ts";
import { type CheckoutForm, completeCheckout } from "../flows/complete-checkout.ts";
import type { CheckoutLineItem, CheckoutSession } from "../objects/checkout-session.ts";
import { readSession } from "../resources/checkout-sessions.ts";
import { setCancelAtPeriodEnd } from "../resources/subscriptions.ts";
import { checkoutClosedPage, checkoutPage } from "./checkout-page.ts";
import { type Html, page, pageHeaders } from "./layout.ts";
import { invoicePage, portalPage } from "./portal-page.ts";

/** Runs one act of a page in a transaction and lets its events go. */
export function act<T>(emulator: Emulator, work: (call: Call) => T): T {
  const call: Call = { ...emulator, requestId: null, idempotencyKey: null };
  const result = emulator.store.transaction(() => work(call));
  emulator.webhooks.wake();
  return result;
}

export function createPages(emulator: Emulator): Hono {
  const app = new Hono();
  const limit = bodyLimit({ maxSize: 64 * 1024 });
  app.get("/", (context) => show(context, 200, welcome()));
  app.get("/c/pay/:id", (context) => showCheckout(context, emulator));
  app.post("/c/pay/:id", limit, (context) => submitCheckout(context, emulator));
  app.get("/p/session/:id", (context) => showPortal(context, emulator));
  app.post("/p/session/:id", limit, (context) => submitPortal(context, emulator));
  app.get("/i/:id", (context) =>
    show(context, 200, invoicePage(act(emulator, (call) => demand(call, "invoice", context.req.param("id"))))),
  );
  app.onError((thrown, context) => {
    if (!(thrown instanceof StripeApiError)) throw thrown;
    return show(context, 404, checkoutClosedPage("There is no such page", null));
  });
  return app;
}

function showCheckout(context: Context, emulator: Emulator) {
  const session = act(emulator, (call) => readSession(call, idOf(context)));
  if (session.status === "complete")
    return show(context, 200, checkoutClosedPage("This is already paid", successUrl(session)));
  if (session.status === "expired") return show(context, 410, checkoutClosedPage("This page has expired", null));
  return show(context, 200, checkoutPage({ session, items: itemsOf(emulator, session) }));
}

async function submitCheckout(context: Context, emulator: Emulator) {
  const form = formOf(await context.req.parseBody());
  const outcome = act(emulator, (call) => completeCheckout(call, readSession(call, idOf(context)).id, form));
  if (outcome.kind === "expired") return show(context, 410, checkoutClosedPage("This page has expired", null));
  if (outcome.kind === "refused") {
    const session = act(emulator, (call) => readSession(call, idOf(context)));
    const { email, name } = form;
    return show(
      context,
      402,
      checkoutPage({ session, items: itemsOf(emulator, session), error: outcome.message, email, name }),
    );
  }
  // Like Stripe, give the webhook a chance to arrive before the customer does.
  await emulator.webhooks.idle();
  const url = successUrl(outcome.session);
  return url ? context.redirect(url, 303) : show(context, 200, checkoutClosedPage("Thank you", null));
}

/** Expiry as people type it: `12/34`, `12 / 34`, `1234`, `12/2034`. What cannot be read becomes month 0. */
export function formOf(body: Record<string, unknown>): CheckoutForm {
  const field = (name: string): string => (typeof body[name] === "string" ? body[name].trim() : "");
  const expiry = /^(\d{1,2})\s*\/?\s*(\d{2}|\d{4})$/.exec(field("cardExpiry"));
  const year = Number(expiry?.[2] ?? 0);
  return {
    email: field("email"),
    name: field("billingName").slice(0, 200),
    number: field("cardNumber"),
    expMonth: Number(expiry?.[1] ?? 0),
    expYear: year < 100 ? 2000 + year : year,
    cvc: field("cardCvc"),
  };
}

const successUrl = (session: CheckoutSession): string | null =>
  session.success_url?.replaceAll(/\{CHECKOUT_SESSION_ID\}|%7BCHECKOUT_SESSION_ID%7D/gi, session.id) ?? null;

const itemsOf = ({ store }: Emulator, session: CheckoutSession) => store.hidden<CheckoutLineItem[]>(session.id) ?? [];

function showPortal(context: Context, emulator: Emulator) {
  const view = act(emulator, (call) => {
    const session = demand(call, "billing_portal.session", idOf(context));
    const customer = demand(call, "customer", session.customer);
    const owned = call.store
      .list("subscription")
      .filter((one) => one.customer === customer.id && one.status !== "canceled");
    const subscriptions = owned.map((subscription) => {
      const product = subscription.items.data[0]?.price.product ?? "";
      return { subscription, name: call.store.find("product", product)?.name ?? "Subscription" };
    });
    const invoices = call.store.list("invoice").filter((one) => one.customer === customer.id);
    return { customer, subscriptions, invoices, returnUrl: session.return_url };
  });
  return show(context, 200, portalPage(view));
}

async function submitPortal(context: Context, emulator: Emulator) {
  const body = await context.req.parseBody();
  act(emulator, (call) => {
    const session = demand(call, "billing_portal.session", idOf(context));
    const subscription = demand(call, "subscription", String(body.subscription));
    if (subscription.customer !== session.customer || subscription.status === "canceled") return;
    setCancelAtPeriodEnd(call, subscription, body.act === "cancel");
  });
  return context.redirect(new URL(context.req.url).pathname, 303);
}

const idOf = (context: Context): string => context.req.param("id") ?? "";

const welcome = (): Html | Promise<Html> =>
  page(
    "Welcome",
    html`<section class="card"><h1>Stripe emulator</h1>
<p>It answers the part of Stripe's API that Berth uses, with Stripe's objects, errors and signed webhooks. Cards are the ones from Stripe's test list.</p></section>`,
  );

async function show(context: Context, status: 200 | 402 | 404 | 410, body: Html | Promise<Html>): Promise<Response> {
  return context.html(await body, status, pageHeaders);
}
