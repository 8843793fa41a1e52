import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openShop } from "./test-shop.ts";

/** Stripe's own sample object of every resource; it lies beside the repository and not in it. */
const samplesFile = fileURLToPath(new URL("../../../../../shared/specs/stripe-fixtures3.json", import.meta.url));

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const kinds = [
  "billing.meter",
  "billing.meter_event",
  "billing.meter_event_summary",
  "billing_portal.session",
  "charge",
  "checkout.session",
  "customer",
  "event",
  "invoice",
  "invoice_payment",
  "item",
  "line_item",
  "payment_intent",
  "payment_method",
  "price",
  "product",
  "refund",
  "subscription",
  "subscription_item",
  "webhook_endpoint",
] as const;

/** Paths where a sample shows less than Stripe sends, each because the sample's object has no reason to have it. */
const sentBeyondSample = new Set([
  // The sample's payment is of an unknown kind; for `type: payment_intent` Stripe names it.
  "invoice_payment.payment.payment_intent",
  // The sample's line has no price.
  "line_item.pricing.price_details",
  "invoice.lines.data[].pricing.price_details",
]);

/** Never null: who and what an object is. */
const neverNull = new Set(["id", "object", "livemode", "created", "status", "type", "currency"]);

const typeOf = (value: Json): string => (value === null ? "null" : Array.isArray(value) ? "list" : typeof value);
const isObject = (value: Json | undefined): value is JsonObject =>
  value !== undefined && value !== null && typeOf(value) === "object";

/** Differences of what was sent from the sample; groups that are free in form or empty in the sample are not entered. */
function differences(sent: JsonObject, sample: JsonObject, path: string): string[] {
  return Object.entries(sent).flatMap(([key, value]) => {
    const where = `${path}.${key}`;
    const expected = sample[key];
    if (sentBeyondSample.has(where)) return [];
    if (expected === undefined) return [`${where}: Stripe has no such key`];
    if (value === null) return neverNull.has(key) && expected !== null ? [`${where}: is null`] : [];
    if (expected === null) return [];
    if (typeOf(value) !== typeOf(expected)) return [`${where}: ${typeOf(value)} instead of ${typeOf(expected)}`];
    return [...insideObject(key, value, expected, where), ...insideList(value, expected, where)];
  });
}

const freeForm = new Set(["metadata", "payload", "payment_method_options"]);

const insideObject = (key: string, value: Json, expected: Json, where: string): string[] =>
  isObject(value) &&
  isObject(expected) &&
  Object.keys(expected).length > 0 &&
  !freeForm.has(key) &&
  where !== "event.data"
    ? differences(value, expected, where)
    : [];

function insideList(value: Json, expected: Json, where: string): string[] {
  if (!Array.isArray(value) || !Array.isArray(expected)) return [];
  const example = expected[0];
  return isObject(example)
    ? value.flatMap((one) => (isObject(one) ? differences(one, example, `${where}[]`) : []))
    : [];
}

const missing = (sent: JsonObject, sample: JsonObject): string[] => Object.keys(sample).filter((key) => !(key in sent));

describe.skipIf(!existsSync(samplesFile))("the emulator's objects against Stripe's samples (shared/specs)", () => {
  const served = new Map<string, JsonObject>();
  let samples: Record<string, JsonObject> = {};
  let close: () => Promise<void> = async () => {};

  beforeAll(async () => {
    samples = JSON.parse(readFileSync(samplesFile, "utf8")).resources;
    const shop = await openShop({ webhook: { url: "http://127.0.0.1:9/closed", secret: "whsec_x" } });
    close = shop.close;
    const get = async (path: string): Promise<JsonObject> => {
      const answer = await fetch(`${shop.emulator.url}/v1/${path}`, {
        headers: { authorization: "Bearer sk_test_emulator0123456789" },
      });
      return (await answer.json()) as JsonObject;
    };
    const keep = (object: Json | undefined): void => {
      if (isObject(object)) served.set(String(object.object), object);
    };
    const { customerId, subscriptionId, session, meter } = await shop.sell();
    const meterEvent = await shop.post(
      "/v1/billing/meter_events",
      `event_name=tokens&payload[stripe_customer_id]=${customerId}&payload[value]=3`,
    );
    keep((await meterEvent.json()) as Json);
    const portal = await shop.post("/v1/billing_portal/sessions", `customer=${customerId}`);
    keep((await portal.json()) as Json);
    const [charge] = (await shop.stripe.charges.list()).data;
    await shop.stripe.refunds.create({ charge: charge?.id ?? "" });
    const minute = Math.floor(Date.now() / 60_000) * 60;
    const window = `customer=${customerId}&start_time=${minute - 3600}&end_time=${minute + 60}`;
    const lists = [
      "billing/meters",
      `billing/meters/${meter.id}/event_summaries?${window}`,
      "charges",
      "checkout/sessions",
      "customers",
      "events",
      "invoices",
      "invoice_payments",
      "payment_intents",
      `customers/${customerId}/payment_methods`,
      "products",
      "refunds",
      "subscriptions",
      "webhook_endpoints",
      `checkout/sessions/${session.id}/line_items`,
    ];
    for (const list of lists) {
      const { data } = await get(list);
      keep(Array.isArray(data) ? data[0] : undefined);
    }
    keep(await get(`prices/${String((await shop.stripe.prices.list({ lookup_keys: ["base"] })).data[0]?.id)}`));
    const invoice = served.get("invoice")?.lines;
    const items = (await get(`subscriptions/${subscriptionId}`)).items;
    for (const list of [invoice, items]) if (isObject(list) && Array.isArray(list.data)) keep(list.data[0]);
  });
  afterAll(() => close());

  test.each(kinds)("%s: every key is one of Stripe's, with its type", (kind) => {
    const sent = served.get(kind);
    expect(sent, "was it served?").toBeDefined();
    expect(differences(sent ?? {}, samples[kind] ?? {}, kind)).toEqual([]);
  });

  test.each(kinds)("%s: no key of Stripe's is left out", (kind) => {
    expect(missing(served.get(kind) ?? {}, samples[kind] ?? {})).toEqual([]);
  });

  test("a wrong key, a wrong type and a missing key are noticed", () => {
    const sample = samples.customer ?? {};
    const { email: _, ...withoutEmail } = served.get("customer") ?? {};
    expect(differences({ ...sample, colour: "red" }, sample, "customer")).toEqual([
      "customer.colour: Stripe has no such key",
    ]);
    expect(differences({ ...sample, balance: "0" }, sample, "customer")).toEqual([
      "customer.balance: string instead of number",
    ]);
    expect(differences({ ...sample, id: null }, sample, "customer")).toEqual(["customer.id: is null"]);
    expect(missing(withoutEmail, sample)).toEqual(["email"]);
  });
});
