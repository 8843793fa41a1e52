import { ManualClock } from "@berth/platform";
import { afterEach, describe, expect, test } from "vitest";
import { openShop, webhookSecret } from "./test-shop.ts";
import { type ReceivedWebhook, startWebhookReceiver } from "./test-webhook-receiver.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function shopWithWebhook(
  answer?: (received: ReceivedWebhook, count: number) => number,
  options: Parameters<typeof openShop>[0] = {},
) {
  const receiver = await startWebhookReceiver(answer);
  const shop = await openShop({
    webhook: { url: receiver.url, secret: webhookSecret },
    retryDelaysMs: [5, 5, 5],
    ...options,
  });
  closing.push(receiver.close, shop.close);
  return { receiver, shop };
}

const completed = (all: readonly ReceivedWebhook[]) => all.some((one) => one.type === "checkout.session.completed");

describe("webhooks", () => {
  test("are signed over the raw body, with real ids, and match the event that the API gives", async () => {
    const { receiver, shop } = await shopWithWebhook();
    await shop.sell();
    await receiver.until(completed);
    for (const { body, signature } of receiver.received) {
      const event = await shop.stripe.webhooks.constructEventAsync(body, signature, webhookSecret);
      expect(event).toMatchObject({ object: "event", livemode: false, api_version: "2026-10-28.endive" });
      expect((await shop.stripe.events.retrieve(event.id)).type).toBe(event.type);
    }
    const [first] = receiver.received;
    const changed = Buffer.from(first?.body.toString().replace('"livemode": false', '"livemode": true ') ?? "");
    await expect(
      shop.stripe.webhooks.constructEventAsync(changed, first?.signature ?? "", webhookSecret),
    ).rejects.toThrow(/No signatures found/);
  });

  test("are tried again with the same event id until the endpoint takes them", async () => {
    const tries = new Map<string, number>();
    const { receiver, shop } = await shopWithWebhook(({ eventId }) => {
      tries.set(eventId, (tries.get(eventId) ?? 0) + 1);
      return (tries.get(eventId) ?? 0) < 3 ? 500 : 200;
    });
    const customer = await shop.stripe.customers.create({ name: "Ada" });
    await receiver.until((all) => all.length === 3);
    expect(new Set(receiver.received.map((one) => one.eventId)).size).toBe(1);
    expect(JSON.parse(receiver.received[2]?.body.toString() ?? "")).toMatchObject({
      data: { object: { id: customer.id } },
    });
  });

  test("are given up at the end of the schedule and can be sent again by hand", async () => {
    let healthy = false;
    const { receiver, shop } = await shopWithWebhook(() => (healthy ? 200 : 503));
    await shop.stripe.customers.create({ name: "Ada" });
    await receiver.until((all) => all.length === 4);
    await expect
      .poll(() => shop.controls.deliveries())
      .toMatchObject([{ state: "given_up", attempts: 4, lastStatus: 503 }]);
    healthy = true;
    await shop.controls.redeliver(receiver.received[0]?.eventId ?? "");
    expect(await shop.controls.deliveries()).toMatchObject([{ state: "given_up" }, { state: "delivered" }]);
  });

  test("follow the schedule of the injected clock", async () => {
    const clock = new ManualClock();
    let healthy = false;
    const minute = 60_000;
    const { receiver, shop } = await shopWithWebhook(() => (healthy ? 200 : 500), { clock, retryDelaysMs: [minute] });
    await shop.stripe.customers.create({ name: "Ada" });
    await receiver.until((all) => all.length === 1);
    await expect.poll(() => shop.controls.deliveries()).toMatchObject([{ attempts: 1, state: "pending" }]);
    shop.emulator.deliverDue();
    healthy = true;
    clock.advance(minute);
    shop.emulator.deliverDue();
    await receiver.until((all) => all.length === 2);
    await expect.poll(() => shop.controls.deliveries()).toMatchObject([{ attempts: 2, state: "delivered" }]);
  });

  test("can be held while the customer is already back, and released in the wrong order", async () => {
    const { receiver, shop } = await shopWithWebhook();
    await shop.controls.holdWebhooks();
    const { session } = await shop.sell();
    expect(session.payment_status).toBe("paid");
    expect(receiver.received).toHaveLength(0);
    await shop.controls.releaseWebhooks("newest_first");
    expect(receiver.received[0]?.type).toBe("checkout.session.completed");
    const created = receiver.received.map((one) => one.type).indexOf("customer.subscription.created");
    const paid = receiver.received.map((one) => one.type).indexOf("invoice.paid");
    expect(paid).toBeLessThan(created);
  });

  test("are delivered before the customer is sent back, when the endpoint answers", async () => {
    const { receiver, shop } = await shopWithWebhook();
    const { session } = await shop.openSession();
    await shop.controls.completeCheckout(session.id);
    expect(completed(receiver.received)).toBe(true);
  });

  test("go only where they are wanted", async () => {
    const { receiver, shop } = await shopWithWebhook();
    const picky = await startWebhookReceiver();
    closing.push(picky.close);
    const endpoint = await shop.stripe.webhookEndpoints.create({
      url: picky.url,
      enabled_events: ["checkout.session.completed"],
    });
    expect(endpoint.secret).toMatch(/^whsec_/);
    await shop.sell();
    await receiver.until(completed);
    await picky.until(completed);
    expect(picky.received).toHaveLength(1);
    const [only] = picky.received;
    const event = await shop.stripe.webhooks.constructEventAsync(
      only?.body ?? "",
      only?.signature ?? "",
      endpoint.secret ?? "",
    );
    expect(event.type).toBe("checkout.session.completed");
    expect((await shop.stripe.webhookEndpoints.retrieve(endpoint.id)).secret).toBeUndefined();
  });

  test("need the key for every control", async () => {
    const { shop } = await shopWithWebhook();
    const answer = await fetch(`${shop.emulator.url}/_emulator/webhooks/hold`, { method: "POST" });
    expect(answer.status).toBe(401);
  });
});
