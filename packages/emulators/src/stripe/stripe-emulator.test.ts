import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "@berth/platform";
import type Stripe from "stripe";
import { afterEach, describe, expect, test } from "vitest";
import { openShop, secretKey } from "./test-shop.ts";

type Shop = Awaited<ReturnType<typeof openShop>>;
const open: Shop[] = [];
const shopOf = async (...options: Parameters<typeof openShop>): Promise<Shop> => {
  const shop = await openShop(...options);
  open.push(shop);
  return shop;
};
afterEach(async () => {
  for (const shop of open.splice(0)) await shop.close();
});

const cardForm = (number: string) =>
  new URLSearchParams({
    email: "ada@example.com",
    cardNumber: number,
    cardExpiry: "12 / 40",
    cardCvc: "123",
    billingName: "Ada",
  });
const submit = (url: string, number: string) =>
  fetch(url, { method: "POST", body: cardForm(number), redirect: "manual" });

describe("a checkout", () => {
  test("paid on the page ends in an active subscription, a paid invoice and a redirect with the session id", async () => {
    const shop = await shopOf();
    const { session } = await shop.openSession();
    expect(session.status).toBe("open");
    const shown = await (await fetch(session.url ?? "")).text();
    expect(shown).toContain("Stripe emulator (test)");
    expect(shown).toContain("€49.00");
    const answer = await submit(session.url ?? "", "4242 4242 4242 4242");
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe(`https://shop.example/done?session=${session.id}`);

    const paid = await shop.stripe.checkout.sessions.retrieve(session.id, {
      expand: ["subscription.latest_invoice.payments", "customer", "line_items"],
    });
    expect(paid).toMatchObject({ status: "complete", payment_status: "paid", url: null, amount_total: 4900 });
    const subscription = paid.subscription as Stripe.Subscription;
    expect(subscription).toMatchObject({ status: "active", metadata: { orderId: "ord_1" } });
    expect(subscription.items.data).toHaveLength(2);
    const invoice = subscription.latest_invoice as Stripe.Invoice;
    expect(invoice).toMatchObject({ status: "paid", total: 4900, billing_reason: "subscription_create" });
    expect(invoice.payments?.data[0]).toMatchObject({ status: "paid", amount_paid: 4900 });
    expect((paid.customer as Stripe.Customer).email).toBe("ada@example.com");
    expect(paid.line_items?.data).toHaveLength(2);
  });

  test("with a declined card stays open, says so, and can be paid with another card", async () => {
    const shop = await shopOf();
    const { session } = await shop.openSession();
    const refused = await submit(session.url ?? "", "4000000000000002");
    expect(refused.status).toBe(402);
    expect(await refused.text()).toContain("Your card was declined.");
    expect(await shop.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: "open",
      payment_status: "unpaid",
    });
    const types = (await shop.stripe.events.list({ limit: 100 })).data.map((event) => event.type);
    expect(types).toContain("payment_intent.payment_failed");
    expect(types).not.toContain("checkout.session.completed");
    expect((await submit(session.url ?? "", "4242424242424242")).status).toBe(303);
  });

  test.each([
    ["a mistyped number", { cardNumber: "4242424242424241" }, "Your card number is incorrect."],
    ["a card of the past", { cardExpiry: "01/20" }, "Your card&#39;s expiration year is invalid."],
    ["no expiry", { cardExpiry: "soon" }, "Your card&#39;s expiration month is invalid."],
    ["a short code", { cardCvc: "1" }, "Your card&#39;s security code is invalid."],
    ["markup as e-mail", { email: "<script>x</script>" }, "Your email is invalid."],
  ])("refuses %s and pays nothing", async (_name, change, message) => {
    const shop = await shopOf();
    const { session } = await shop.openSession();
    const body = cardForm("4242424242424242");
    for (const [key, value] of Object.entries(change)) body.set(key, value);
    const page = await (await fetch(session.url ?? "", { method: "POST", body })).text();
    expect(page).toContain(message);
    expect(page).not.toContain("<script>");
    expect((await shop.stripe.paymentIntents.list()).data).toHaveLength(0);
  });

  test("submitted twice is paid once", async () => {
    const shop = await shopOf();
    const { session } = await shop.openSession();
    const answers = await Promise.all([1, 2, 3].map(() => submit(session.url ?? "", "4242424242424242")));
    expect(answers.map((answer) => answer.status)).toEqual([303, 303, 303]);
    expect((await shop.stripe.subscriptions.list()).data).toHaveLength(1);
    expect((await shop.stripe.charges.list()).data).toHaveLength(1);
    expect(await (await fetch(session.url ?? "")).text()).toContain("already paid");
  });

  test("expires after a day and can then not be paid", async () => {
    const clock = new ManualClock();
    const shop = await shopOf({ clock });
    const { session } = await shop.openSession();
    clock.advance(24 * 3600 * 1000);
    expect((await submit(session.url ?? "", "4242424242424242")).status).toBe(410);
    expect(await shop.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: "expired", url: null });
    expect((await shop.stripe.events.list({ type: "checkout.session.expired" })).data).toHaveLength(1);
  });
});

describe("what Stripe refuses, the emulator refuses in Stripe's words", () => {
  test("an unknown address", async () => {
    const shop = await shopOf();
    const answer = await fetch(`${shop.emulator.url}/v1/nothing`, {
      headers: { authorization: `Bearer ${secretKey}` },
    });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      error: {
        type: "invalid_request_error",
        message: expect.stringMatching(/^Unrecognized request URL \(GET: \/v1\/nothing\)/),
      },
    });
    await expect(shop.stripe.coupons.list()).rejects.toMatchObject({ statusCode: 404 });
    await expect(shop.stripe.v2.core.events.retrieve("evt_1")).rejects.toMatchObject({ statusCode: 404 });
  });

  test("no key and a wrong key, of which only the ends are repeated", async () => {
    const shop = await shopOf();
    const without = await fetch(`${shop.emulator.url}/v1/customers`);
    expect(without.status).toBe(401);
    expect(without.headers.get("www-authenticate")).toContain("Stripe");
    const wrong = await fetch(`${shop.emulator.url}/v1/customers`, {
      headers: { authorization: "Bearer sk_test_wrongwrongwrong" },
    });
    expect(wrong.status).toBe(401);
    expect(JSON.stringify(await wrong.json())).not.toContain("wrongwrongwrong");
  });

  test.each([
    ["an unknown parameter", "name=x&colour=red", { code: "parameter_unknown", param: "colour" }],
    ["an unknown nested parameter", "name=x&metadata[a]=1&address[planet]=mars", { code: "parameter_unknown" }],
    ["a JSON-like group where text belongs", "email[a]=1", { param: "email" }],
  ])("%s", async (_name, body, error) => {
    const shop = await shopOf();
    const answer = await shop.post("/v1/customers", body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { type: "invalid_request_error", ...error } });
  });

  test("a missing parameter, a wrong number, an unknown object", async () => {
    const shop = await shopOf();
    const { stripe } = shop;
    const errorOf = async (body: string) =>
      ((await (await shop.post("/v1/prices", body)).json()) as { error: object }).error;
    expect(await errorOf("product=prod_x&currency=eur")).toMatchObject({ code: "resource_missing", param: "product" });
    expect(await errorOf("currency=eur&unit_amount=1")).toMatchObject({ code: "parameter_missing", param: "product" });
    expect(await errorOf("product=p&currency=eur&unit_amount=1.5")).toMatchObject({
      code: "parameter_invalid_integer",
    });
    await expect(stripe.customers.retrieve("cus_none")).rejects.toMatchObject({
      statusCode: 404,
      code: "resource_missing",
      message: "No such customer: 'cus_none'",
    });
    await expect(stripe.checkout.sessions.retrieve("__proto__")).rejects.toMatchObject({ code: "resource_missing" });
  });

  test("a JSON body, a broken parameter name and an endless one", async () => {
    const shop = await shopOf();
    expect((await shop.post("/v1/customers", "{}", { "content-type": "application/json" })).status).toBe(400);
    expect((await shop.post("/v1/customers", "metadata[a=1")).status).toBe(400);
    expect((await shop.post("/v1/customers", "__proto__[admin]=1")).status).toBe(400);
    expect((await shop.post("/v1/customers", `name=${"x".repeat(2_000_000)}`)).status).toBe(413);
    expect(({} as { admin?: string }).admin).toBeUndefined();
  });
});

describe("idempotency keys", () => {
  test("the same request gets the same answer, marked as replayed, and makes one object", async () => {
    const shop = await shopOf();
    const first = await shop.post("/v1/customers", "name=Ada", { "idempotency-key": "k1" });
    const second = await shop.post("/v1/customers", "name=Ada", { "idempotency-key": "k1" });
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    expect(await second.text()).toBe(await first.text());
    expect((await shop.stripe.customers.list()).data).toHaveLength(1);
    const [event] = (await shop.stripe.events.list({ type: "customer.created" })).data;
    expect(event?.request?.idempotency_key).toBe("k1");
  });

  test("another request under the same key is refused", async () => {
    const shop = await shopOf();
    await shop.stripe.customers.create({ name: "Ada" }, { idempotencyKey: "k1" });
    await expect(shop.stripe.customers.create({ name: "Eve" }, { idempotencyKey: "k1" })).rejects.toMatchObject({
      statusCode: 400,
      type: "StripeIdempotencyError",
    });
  });

  test("a request that was not valid does not use the key up", async () => {
    const shop = await shopOf();
    await shop.post("/v1/customers", "colour=red", { "idempotency-key": "k1" });
    expect((await shop.post("/v1/customers", "name=Ada", { "idempotency-key": "k1" })).status).toBe(200);
  });
});

test("lists come newest first, in pages that neither skip nor repeat", async () => {
  const shop = await shopOf();
  const made: string[] = [];
  for (let count = 0; count < 25; count++) made.push((await shop.stripe.customers.create({ name: `c${count}` })).id);
  const seen: string[] = [];
  for await (const customer of shop.stripe.customers.list({ limit: 7 })) seen.push(customer.id);
  expect(seen).toEqual(made.toReversed());
  const back = await shop.stripe.customers.list({ limit: 3, ending_before: seen[10] ?? "" });
  expect(back.data.map((one) => one.id)).toEqual(seen.slice(7, 10));
  await expect(shop.stripe.customers.list({ limit: 101 })).rejects.toMatchObject({ statusCode: 400 });
});

describe("a subscription", () => {
  test("renews with the usage of the period behind it and the price of the one ahead", async () => {
    const shop = await shopOf();
    const { customerId, subscriptionId } = await shop.sell();
    for (const [identifier, value] of [
      ["a", "900"],
      ["b", "600"],
    ]) {
      await shop.stripe.billing.meterEvents.create({
        event_name: "tokens",
        identifier: identifier ?? "",
        payload: { stripe_customer_id: customerId, value: value ?? "" },
      });
    }
    await shop.controls.renewSubscription(subscriptionId);
    const [renewal] = (await shop.stripe.invoices.list({ subscription: subscriptionId })).data;
    // 1500 tokens, 1000 of them included, the rest at half a cent.
    expect(renewal).toMatchObject({ total: 4900 + 250, billing_reason: "subscription_cycle", status: "paid" });
  });

  test("is cancelled at the end of its period from the portal page, and not by another customer's", async () => {
    const shop = await shopOf();
    const { customerId, subscriptionId } = await shop.sell();
    const stranger = await shop.stripe.customers.create({ email: "eve@example.com" });
    const openPortal = (customer: string) =>
      shop.stripe.billingPortal.sessions.create({ customer, return_url: "https://x.example/" });
    const cancel = async (url: string) =>
      fetch(url, { method: "POST", body: new URLSearchParams({ act: "cancel", subscription: subscriptionId }) });
    await cancel((await openPortal(stranger.id)).url);
    expect((await shop.stripe.subscriptions.retrieve(subscriptionId)).cancel_at_period_end).toBe(false);
    const page = await cancel((await openPortal(customerId)).url);
    expect(await page.text()).toContain("Ends on");
    expect((await shop.stripe.subscriptions.retrieve(subscriptionId)).cancel_at_period_end).toBe(true);
    await shop.controls.renewSubscription(subscriptionId);
    expect((await shop.stripe.subscriptions.retrieve(subscriptionId)).status).toBe("canceled");
  });

  test("is refunded once, in full or in parts, never beyond what was paid", async () => {
    const { stripe, sell } = await shopOf();
    await sell();
    const [charge] = (await stripe.charges.list()).data;
    await stripe.refunds.create({ charge: charge?.id ?? "", amount: 4000 });
    await expect(stripe.refunds.create({ charge: charge?.id ?? "", amount: 901 })).rejects.toMatchObject({
      statusCode: 400,
    });
    expect((await stripe.refunds.create({ charge: charge?.id ?? "" })).amount).toBe(900);
    await expect(stripe.refunds.create({ charge: charge?.id ?? "" })).rejects.toMatchObject({
      code: "charge_already_refunded",
    });
  });
});

describe("a meter", () => {
  const at = (clock: ManualClock, offsetSeconds: number) => Math.floor(clock.now() / 1000) + offsetSeconds;

  test("counts an identifier once, also days later, and sums per customer and window", async () => {
    const clock = new ManualClock();
    const { stripe, sell } = await shopOf({ clock });
    const { customerId, meter } = await sell();
    const send = (identifier: string, value: string) =>
      stripe.billing.meterEvents.create({
        event_name: "tokens",
        identifier,
        payload: { stripe_customer_id: customerId, value },
      });
    await send("one", "5");
    await expect(send("one", "5")).rejects.toThrow(/already exists with identifier one/);
    clock.advance(25 * 3600 * 1000);
    await expect(send("one", "5")).rejects.toThrow(/already exists/);
    await send("two", "7");
    const start = at(clock, -26 * 3600);
    const window = {
      customer: customerId,
      start_time: start - (start % 60),
      end_time: at(clock, 60) - (at(clock, 60) % 60),
    };
    const summaries = await stripe.billing.meters.listEventSummaries(meter.id, window);
    expect(summaries.data.map((one) => one.aggregated_value)).toEqual([12]);
    await expect(
      stripe.billing.meters.listEventSummaries(meter.id, { ...window, start_time: window.start_time + 1 }),
    ).rejects.toThrow(/minute boundaries/);
  });

  test.each([
    ["36 days old", -36 * 86_400, {}],
    ["6 minutes ahead", 360, {}],
    ["for an unknown customer", 0, { stripe_customer_id: "cus_none" }],
    ["without a number", 0, { value: "many" }],
  ])("refuses an event %s", async (_name, offset, payload) => {
    const clock = new ManualClock();
    const { stripe, sell } = await shopOf({ clock });
    const { customerId } = await sell();
    const event = {
      event_name: "tokens",
      timestamp: at(clock, offset),
      payload: { stripe_customer_id: customerId, value: "1", ...payload },
    };
    await expect(stripe.billing.meterEvents.create(event)).rejects.toMatchObject({ statusCode: 400 });
    await expect(stripe.billing.meterEvents.create({ ...event, event_name: "none" })).rejects.toThrow(
      /No active meter/,
    );
  });
});

test("what was stored is there after a restart, open and paid sessions alike", async () => {
  const folder = await mkdtemp(join(tmpdir(), "berth-stripe-"));
  try {
    const file = join(folder, "stripe.db");
    const before = await openShop({ file });
    const sold = await before.sell();
    await before.close();
    const after = await shopOf({ file });
    expect(await after.stripe.subscriptions.retrieve(sold.subscriptionId)).toMatchObject({ status: "active" });
    expect((await after.stripe.events.list({ limit: 100 })).data.length).toBeGreaterThan(5);
  } finally {
    for (const shop of open.splice(0)) await shop.close();
    await rm(folder, { recursive: true });
  }
});
