import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Writable } from "node:stream";
import type { OrderId, Plan } from "@berth/contracts";
import { createStripeControls, type StripeEmulatorOptions, startStripeEmulator } from "@berth/emulators";
import { createIds, createLogger, ManualClock, secretOf } from "@berth/platform";
import Stripe from "stripe";
import { afterEach, describe, expect, test } from "vitest";
import { createStripeBilling, lookupKeysOf, type StripeBillingOptions } from "./index.ts";

const secretKey = "sk_test_billing0123456789";
const webhookSecret = "whsec_billing";
const minute = 60_000;

const starter: Plan = {
  id: "starter",
  name: "Starter",
  tagline: "One agent for one desk",
  priceMinor: 4900,
  currency: "eur",
  includedTokens: 1_000_000,
  overagePerMillionMinor: 300,
  server: { cores: 2, memoryMb: 4096, diskGb: 40 },
  features: [],
};
const team: Plan = { ...starter, id: "team", name: "Team", priceMinor: 14_900 };
const plans = [starter, team];

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(options: Partial<StripeEmulatorOptions> = {}, change: Partial<StripeBillingOptions> = {}) {
  const clock = new ManualClock();
  const emulator = await startStripeEmulator({ secretKey, clock, ...options });
  closing.push(emulator.close);
  let logged = "";
  const destination = new Writable({
    write: (chunk, _encoding, done) => {
      logged += chunk;
      done();
    },
  });
  const billing = createStripeBilling({
    secretKey: secretOf(secretKey),
    webhookSecret: secretOf(webhookSecret),
    apiUrl: emulator.url,
    meterEventName: "berth_tokens",
    clock,
    log: createLogger({ service: "test", destination }),
    ...change,
  });
  const stripe = new Stripe(secretKey, {
    host: "127.0.0.1",
    port: new URL(emulator.url).port,
    protocol: "http",
    telemetry: false,
  });
  const controls = createStripeControls({ url: emulator.url, secretKey });
  const orderId: OrderId = createIds(clock).next("ord");
  const checkout = {
    orderId,
    organizationId: "org_1",
    email: "ada@example.com",
    planId: "starter" as const,
    successUrl: "https://berth.example/orders/done?session={CHECKOUT_SESSION_ID}",
    cancelUrl: "https://berth.example/plans",
    idempotencyKey: "checkout-1",
  };
  async function buy() {
    await billing.ensureCatalogue(plans);
    const { sessionId } = await billing.createCheckout(checkout);
    await controls.completeCheckout(sessionId);
    const state = await billing.readCheckout(sessionId);
    return { sessionId, customerId: state.customerId ?? "", subscriptionId: state.subscriptionId ?? "" };
  }
  return { billing, clock, stripe, controls, checkout, buy, logged: () => logged };
}

describe("the catalogue", () => {
  test("made twice, and by two processes at once, exists once", async () => {
    const { billing, stripe } = await open();
    await Promise.all([billing.ensureCatalogue(plans), billing.ensureCatalogue(plans)]);
    await billing.ensureCatalogue(plans);
    expect((await stripe.products.list()).data).toHaveLength(2);
    expect((await stripe.prices.list()).data).toHaveLength(4);
    expect((await stripe.billing.meters.list()).data).toHaveLength(1);
  });

  test("charges nothing for the included tokens and the plan's price for those beyond", async () => {
    const { billing, stripe } = await open();
    await billing.ensureCatalogue(plans);
    const [overage] = (
      await stripe.prices.list({ lookup_keys: [lookupKeysOf("starter").overage], expand: ["data.tiers"] })
    ).data;
    const [meter] = (await stripe.billing.meters.list()).data;
    expect(overage).toMatchObject({ recurring: { usage_type: "metered", meter: meter?.id }, tiers_mode: "graduated" });
    expect(overage?.tiers?.map((tier) => [tier.up_to, String(tier.unit_amount_decimal)])).toEqual([
      [1_000_000, "0"],
      [null, "0.0003"],
    ]);
  });

  test("a changed price takes over for new customers and leaves the old ones theirs; a change back works too", async () => {
    const { billing, stripe, buy } = await open();
    const { subscriptionId } = await buy();
    const dearer = { ...starter, priceMinor: 5900 };
    for (const wanted of [dearer, starter, dearer]) {
      await billing.ensureCatalogue([wanted, team]);
      const found = await stripe.prices.list({ lookup_keys: [lookupKeysOf("starter").base], active: true });
      expect(found.data.map((price) => price.unit_amount)).toEqual([wanted.priceMinor]);
    }
    const sold = await stripe.subscriptions.retrieve(subscriptionId);
    expect(sold.items.data[0]?.price.unit_amount).toBe(4900);
  });

  test("a plan that was never made cannot be bought", async () => {
    const { billing, checkout } = await open();
    await expect(billing.createCheckout(checkout)).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("a checkout", () => {
  test("is open, then paid, and knows its order all the way to the subscription", async () => {
    const { billing, checkout, controls, clock } = await open();
    await billing.ensureCatalogue(plans);
    const opened = await billing.createCheckout(checkout);
    expect(opened.expiresAtMs).toBe(clock.now() + 24 * 60 * minute);
    expect(await billing.readCheckout(opened.sessionId)).toMatchObject({
      paid: false,
      status: "open",
      url: opened.url,
    });
    await controls.completeCheckout(opened.sessionId);
    const state = await billing.readCheckout(opened.sessionId);
    expect(state).toMatchObject({
      paid: true,
      status: "complete",
      orderId: checkout.orderId,
      organizationId: "org_1",
      url: null,
    });
    const subscription = await billing.readSubscription(state.subscriptionId ?? "");
    expect(subscription).toMatchObject({ status: "active", orderId: checkout.orderId, customerId: state.customerId });
    expect(subscription.currentPeriodEndMs).toBeGreaterThan(clock.now() + 27 * 24 * 60 * minute);
  });

  test("asked for twice with the same key is the same page; with other details it is a conflict", async () => {
    const { billing, checkout } = await open();
    await billing.ensureCatalogue(plans);
    const first = await billing.createCheckout(checkout);
    expect(await billing.createCheckout(checkout)).toEqual(first);
    await expect(billing.createCheckout({ ...checkout, planId: "team" })).rejects.toMatchObject({ code: "conflict" });
  });

  test("that was declined is not paid", async () => {
    const { billing, checkout, controls } = await open();
    await billing.ensureCatalogue(plans);
    const { sessionId } = await billing.createCheckout(checkout);
    expect(await controls.completeCheckout(sessionId, "4000000000000002")).toEqual({
      declined: "Your card was declined.",
    });
    expect(await billing.readCheckout(sessionId)).toMatchObject({ paid: false, status: "open", subscriptionId: null });
  });

  test("of the same customer again keeps one customer at Stripe", async () => {
    const { billing, buy, checkout, controls, stripe } = await open();
    const { customerId } = await buy();
    const again = await billing.createCheckout({ ...checkout, customerId, idempotencyKey: "checkout-2" });
    await controls.completeCheckout(again.sessionId);
    expect((await stripe.customers.list()).data).toHaveLength(1);
  });

  test.each(["cs_test_none", "../customers", "cs_test_1?expand[]=x", "__proto__", ""])(
    "with the id %j is not found",
    async (id) => {
      const { billing } = await open();
      await expect(billing.readCheckout(id)).rejects.toMatchObject({ code: "not_found" });
    },
  );
});

describe("a webhook", () => {
  const payload = JSON.stringify({
    id: "evt_1",
    object: "event",
    type: "checkout.session.completed",
    created: 1_767_603_600,
    data: { object: { id: "cs_test_1" } },
  });
  const sign = (body: string, clock: ManualClock, secret = webhookSecret) =>
    Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: Math.floor(clock.now() / 1000) });

  test("with a good signature says which object to read again", async () => {
    const { billing, clock } = await open();
    expect(await billing.parseWebhook(Buffer.from(payload), sign(payload, clock))).toEqual({
      id: "evt_1",
      type: "checkout.session.completed",
      objectId: "cs_test_1",
      createdMs: 1_767_603_600_000,
    });
  });

  test.each<[string, (clock: ManualClock) => { body: string; signature: string | undefined }]>([
    ["none", () => ({ body: payload, signature: undefined })],
    ["an empty one", () => ({ body: payload, signature: "" })],
    ["nonsense", () => ({ body: payload, signature: "t=now,v1=zz" })],
    ["that of another secret", (clock) => ({ body: payload, signature: sign(payload, clock, "whsec_other") })],
    ["that of another body", (clock) => ({ body: payload.replace("evt_1", "evt_2"), signature: sign(payload, clock) })],
    [
      "one that is older than five minutes",
      (clock) => {
        const signature = sign(payload, clock);
        clock.advance(5 * minute + 1000);
        return { body: payload, signature };
      },
    ],
  ])("with %s as signature is refused and says nothing of the secret", async (_name, make) => {
    const { billing, clock } = await open();
    const { body, signature } = make(clock);
    const error = await billing.parseWebhook(Buffer.from(body), signature).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "unauthenticated" });
    expect(JSON.stringify([error, String(error)])).not.toContain("whsec");
  });

  test("is still taken at the end of its five minutes", async () => {
    const { billing, clock } = await open();
    const signature = sign(payload, clock);
    clock.advance(5 * minute);
    await expect(billing.parseWebhook(Buffer.from(payload), signature)).resolves.toMatchObject({ id: "evt_1" });
  });

  test.each(["{}", "[]", "not json", '{"id":"evt_1","type":"x","created":1}', payload.replace("evt_1", "evil")])(
    "that is signed but is no event is refused: %s",
    async (body) => {
      const { billing, clock } = await open();
      await expect(billing.parseWebhook(Buffer.from(body), sign(body, clock))).rejects.toMatchObject({
        code: expect.stringMatching(/invalid_input|unauthenticated/),
      });
    },
  );
});

describe("the meter", () => {
  test("counts each report once, however often it is sent, also a day later", async () => {
    const { billing, buy, clock } = await open();
    const { customerId } = await buy();
    const fromMs = clock.now();
    const report = { customerId, tokens: 1200, identifier: "tnt_1-2026-01-05T09", atMs: clock.now() };
    await Promise.all([1, 2, 3].map(() => billing.reportMeterEvent(report)));
    clock.advance(25 * 60 * minute);
    await billing.reportMeterEvent(report);
    await billing.reportMeterEvent({ ...report, tokens: 34, identifier: "tnt_1-2026-01-06T10", atMs: clock.now() });
    expect(await billing.readMeterTotal({ customerId, fromMs, toMs: clock.now() + 1 })).toBe(1234);
    expect(await billing.readMeterTotal({ customerId, fromMs: fromMs - 90 * minute, toMs: fromMs - minute })).toBe(0);
  });

  test.each([-1, 1.5, Number.NaN])("does not take %d tokens", async (tokens) => {
    const { billing, buy, clock } = await open();
    const { customerId } = await buy();
    const report = () => billing.reportMeterEvent({ customerId, tokens, identifier: "x", atMs: clock.now() });
    await expect(async () => report()).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("ending", () => {
  test("with the period, then at once, then once more", async () => {
    const { billing, buy } = await open();
    const { subscriptionId } = await buy();
    await billing.cancelSubscription({ subscriptionId, atPeriodEnd: true, idempotencyKey: "c1" });
    expect(await billing.readSubscription(subscriptionId)).toMatchObject({ status: "active", cancelAtPeriodEnd: true });
    await billing.cancelSubscription({ subscriptionId, atPeriodEnd: false, idempotencyKey: "c2" });
    await billing.cancelSubscription({ subscriptionId, atPeriodEnd: false, idempotencyKey: "c3" });
    expect(await billing.readSubscription(subscriptionId)).toMatchObject({ status: "canceled" });
  });

  test("gives the money back once", async () => {
    const { billing, buy, stripe } = await open();
    const { subscriptionId } = await buy();
    expect(await billing.refundSubscription({ subscriptionId, idempotencyKey: "r1" })).toEqual({ refundedMinor: 4900 });
    await billing.refundSubscription({ subscriptionId, idempotencyKey: "r1" });
    expect(await billing.refundSubscription({ subscriptionId, idempotencyKey: "r2" })).toEqual({ refundedMinor: 0 });
    expect((await stripe.refunds.list()).data).toHaveLength(1);
  });

  test("the portal opens on Stripe's side for that customer", async () => {
    const { billing, buy } = await open();
    const { customerId } = await buy();
    const { url } = await billing.createPortalSession({ customerId, returnUrl: "https://berth.example/portal" });
    const page = await (await fetch(url)).text();
    expect(page).toContain("Berth Starter");
    expect(page).toContain("https://berth.example/portal");
    await expect(
      billing.createPortalSession({ customerId: "cus_none", returnUrl: "https://x.example" }),
    ).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("when Stripe fails", () => {
  test("a wrong key is an internal fault that shows no part of the key", async () => {
    const wrong = "sk_test_wrongwrongwrong9999";
    const { billing, logged } = await open({}, { secretKey: secretOf(wrong) });
    const error = await billing.ensureCatalogue(plans).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "internal" });
    expect(`${String(error)} ${JSON.stringify(error)} ${logged()}`).not.toMatch(/sk_test|9999/);
  });

  test.each([
    [500, "unavailable"],
    [429, "rate_limited"],
  ])("an answer of %d is %s", async (status, code) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { "content-type": "application/json", "stripe-should-retry": "false" });
      response.end(JSON.stringify({ error: { type: "api_error", message: "no" } }));
    });
    server.listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    // A server that listens on a TCP port has an AddressInfo.
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { billing } = await open({}, { apiUrl });
    await expect(billing.readCheckout("cs_test_1")).rejects.toMatchObject({ code });
  });

  test("no answer at all is unavailable, and a wrong address is said at once", async () => {
    const { billing } = await open({}, { apiUrl: "http://127.0.0.1:1" });
    await expect(billing.readCheckout("cs_test_1")).rejects.toMatchObject({ code: "unavailable" });
    await expect(open({}, { apiUrl: "stripe.local" })).rejects.toMatchObject({ code: "invalid_input" });
  });
});
