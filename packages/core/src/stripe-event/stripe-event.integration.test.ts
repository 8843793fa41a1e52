import { AppError } from "@berth/platform";
import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { confirmPayment, createOrder, syncCheckout } from "../order/index.ts";
import { createHubWorld, type HubWorld } from "../testing/hub-world.ts";
import { applyStripeEvent, receiveStripeEvent } from "./index.ts";

let world: HubWorld;
beforeAll(async () => {
  world = await createHubWorld(inject("postgresUrl"));
});
afterAll(() => world.close());

const stripe = () => world.as({ kind: "webhook", source: "stripe" });
type Event = ReturnType<HubWorld["stripeEvent"]>;
const receive = (event: Event) => receiveStripeEvent({ ctx: stripe(), input: event });
const apply = (event: Event) => applyStripeEvent({ ctx: world.system(), input: { eventId: event.id } });
const stored = (event: Event) => world.db.webhookEvent.findUnique({ where: { id: event.id } });

async function orderWithSession() {
  const ctx = await world.customer();
  const { order } = await createOrder({ ctx, input: { planId: "starter" } });
  const row = await world.db.order.findUniqueOrThrow({ where: { id: order.id } });
  return { orderId: order.id, sessionId: row.checkoutSessionId! };
}

const startsOf = (orderId: string) =>
  world.db.outboxMessage.count({
    where: { job: "order.advance", payload: { path: ["orderId"], equals: orderId } },
  });

test("an event is kept once with its job, however often it comes", async () => {
  const { sessionId } = await orderWithSession();
  const event = world.stripeEvent({ objectId: sessionId });
  const answers = await Promise.all([1, 2, 3, 4].map(() => receive(event)));
  expect(answers.toSorted()).toEqual(["duplicate", "duplicate", "duplicate", "stored"]);
  const jobs = await world.db.outboxMessage.count({
    where: { job: "stripe.event", payload: { path: ["eventId"], equals: event.id } },
  });
  expect(jobs).toBe(1);
});

test("a wrong, missing or old signature is refused and leaves nothing behind", async () => {
  const { sessionId } = await orderWithSession();
  const event = world.stripeEvent({ objectId: sessionId });
  const changed = Buffer.from(event.rawBody.toString().replace(sessionId, "cs_other"));
  for (const bad of [
    { ...event, rawBody: changed },
    { ...event, signature: undefined as unknown as string }, // the header can be absent
    { ...event, signature: event.signature.replace(/v1=..../, "v1=0000") },
  ]) {
    await expect(receive(bad)).rejects.toMatchObject({ code: "unauthenticated" });
  }
  world.clock.advance(6 * 60_000);
  await expect(receive(event)).rejects.toMatchObject({ code: "unauthenticated" });
  expect(await stored(event)).toBeNull();
});

test("an event that says paid does not pay: Stripe is asked", async () => {
  const { orderId, sessionId } = await orderWithSession();
  const event = world.stripeEvent({ objectId: sessionId });
  await receive(event);
  await apply(event);
  expect(await world.stateOf(orderId)).toBe("PENDING_PAYMENT");
  expect(await stored(event)).toMatchObject({ state: "applied" });
});

test("an event about something unknown is marked and harms nothing", async () => {
  for (const objectId of ["cs_test_unknown", "sub_unknown", "prod_x"]) {
    const event = world.stripeEvent({ objectId });
    await receive(event);
    await apply(event);
    expect(await stored(event)).toMatchObject({ state: "ignored", reason: expect.any(String) });
  }
});

test("while Stripe can't be asked an event stays for another try", async () => {
  const { orderId, sessionId } = await orderWithSession();
  await world.controls.completeCheckout(sessionId);
  const event = world.stripeEvent({ objectId: sessionId });
  await receive(event);
  const system = world.system();
  const unreachable = {
    ...system.deps.billing,
    readCheckout: () => Promise.reject(new AppError("unavailable", "Stripe does not answer.")),
  };
  const ctx = { ...system, deps: { ...system.deps, billing: unreachable } };
  await expect(applyStripeEvent({ ctx, input: { eventId: event.id } })).rejects.toMatchObject({ code: "unavailable" });
  expect(await stored(event)).toMatchObject({ state: "received" });
  await apply(event);
  expect(await world.stateOf(orderId)).toBe("PAYMENT_CONFIRMED");
});

test("a renewed subscription moves the billing period, and an older event does not move it back", async () => {
  const { orderId, sessionId } = await orderWithSession();
  await world.controls.completeCheckout(sessionId);
  const paid = world.stripeEvent({ objectId: sessionId });
  await receive(paid);
  await apply(paid);
  const before = await world.db.order.findUniqueOrThrow({ where: { id: orderId } });
  const early = world.stripeEvent({ objectId: before.subscriptionId!, type: "customer.subscription.created" });
  await receive(early);
  world.clock.advance(1000);
  await world.controls.renewSubscription(before.subscriptionId!);
  const late = world.stripeEvent({ objectId: before.subscriptionId!, type: "customer.subscription.updated" });
  await receive(late);
  await apply(late);
  const renewed = await world.db.order.findUniqueOrThrow({ where: { id: orderId } });
  expect(renewed.currentPeriodStart!.getTime()).toBeGreaterThanOrEqual(before.currentPeriodStart!.getTime());
  expect(renewed.currentPeriodEnd).not.toEqual(before.currentPeriodEnd);
  await apply(early);
  const after = await world.db.order.findUniqueOrThrow({ where: { id: orderId } });
  expect(after.currentPeriodEnd).toEqual(renewed.currentPeriodEnd);
});

test("an event that read the subscription before a change and writes after it leaves what Stripe says now", async () => {
  const { orderId, sessionId } = await orderWithSession();
  await world.controls.completeCheckout(sessionId);
  const paid = world.stripeEvent({ objectId: sessionId });
  await receive(paid);
  await apply(paid);
  const { subscriptionId } = await world.db.order.findUniqueOrThrow({ where: { id: orderId } });
  const system = world.system();
  const hasRead = Promise.withResolvers<void>();
  const mayWrite = Promise.withResolvers<void>();
  const readSubscription = async (id: string) => {
    const state = await world.billing.readSubscription(id);
    hasRead.resolve();
    await mayWrite.promise;
    return state;
  };
  const slow = { ...system, deps: { ...system.deps, billing: { ...world.billing, readSubscription } } };
  const early = world.stripeEvent({ objectId: subscriptionId!, type: "customer.subscription.created" });
  await receive(early);
  const working = applyStripeEvent({ ctx: slow, input: { eventId: early.id } });
  await hasRead.promise;
  await world.controls.renewSubscription(subscriptionId!);
  const late = world.stripeEvent({ objectId: subscriptionId!, type: "customer.subscription.updated" });
  await receive(late);
  await apply(late);
  const renewed = await world.db.order.findUniqueOrThrow({ where: { id: orderId } });
  mayWrite.resolve();
  await working;
  const after = await world.db.order.findUniqueOrThrow({ where: { id: orderId } });
  expect(after.currentPeriodEnd).toEqual(renewed.currentPeriodEnd);
});

test("webhook, success page and sweep at the same moment confirm an order once", async () => {
  const ctx = await world.customer();
  const { order } = await createOrder({ ctx, input: { planId: "team" } });
  const { checkoutSessionId } = await world.db.order.findUniqueOrThrow({ where: { id: order.id } });
  await world.controls.completeCheckout(checkoutSessionId!);
  const event = world.stripeEvent({ objectId: checkoutSessionId! });
  await receive(event);
  const input = { orderId: world.orderId(order.id) };
  const sweeping = () => confirmPayment({ ctx: world.system("sweep"), input });
  await Promise.all([apply(event), syncCheckout({ ctx, input }), sweeping(), syncCheckout({ ctx, input }), sweeping()]);
  expect(await world.stateOf(order.id)).toBe("PAYMENT_CONFIRMED");
  expect(await startsOf(order.id)).toBe(1);
  const confirmed = { action: "order.state_changed", entityId: order.id };
  expect(await world.db.auditEvent.count({ where: confirmed })).toBe(1);
});

test("whatever the order and repetition of its events, a paid order is confirmed and started once", async () => {
  const types = [
    "checkout.session.completed",
    "customer.subscription.created",
    "customer.subscription.updated",
    "checkout.session.async_payment_succeeded",
    "invoice.paid",
  ];
  const deliveries = fc.array(fc.nat({ max: types.length - 1 }), { minLength: 1, maxLength: 9 });
  const property = fc.asyncProperty(deliveries, fc.boolean(), async (order, atOnce) => {
    const { orderId, sessionId } = await orderWithSession();
    await world.controls.completeCheckout(sessionId);
    const { subscriptionId } = await world.billing.readCheckout(sessionId);
    const objectOf = (type: string) =>
      type.startsWith("checkout") ? sessionId : type.startsWith("invoice") ? "in_1" : subscriptionId!;
    const events = types.map((type) => world.stripeEvent({ type, objectId: objectOf(type) }));
    const deliver = async (event: Event) => {
      await receive(event);
      await apply(event);
    };
    // The checkout's own event is always among them; where and how often is up to the case.
    const sequence = [...order.map((index) => events[index]!), events[0]!, ...order.map((index) => events[index]!)];
    if (atOnce) await Promise.all(sequence.map(deliver));
    else for (const event of sequence) await deliver(event);
    expect(await world.stateOf(orderId)).toBe("PAYMENT_CONFIRMED");
    expect(await startsOf(orderId)).toBe(1);
    expect(await world.db.order.findUnique({ where: { id: orderId } })).toMatchObject({
      subscriptionId,
      subscriptionStatus: "active",
    });
  });
  await fc.assert(property, { numRuns: 25 });
});

test("a payment page of another order confirms nothing", async () => {
  const mine = await orderWithSession();
  const other = await orderWithSession();
  await world.controls.completeCheckout(other.sessionId);
  const input = { orderId: world.orderId(mine.orderId), sessionId: other.sessionId };
  expect(await confirmPayment({ ctx: world.system(), input })).toBe("unpaid");
  expect(await world.stateOf(mine.orderId)).toBe("PENDING_PAYMENT");
});
