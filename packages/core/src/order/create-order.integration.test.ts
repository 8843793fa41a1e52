import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createHubWorld, type HubWorld } from "../testing/hub-world.ts";
import { confirmPayment, createOrder, getOrder, listOrders, retryOrder, syncCheckout } from "./index.ts";

let world: HubWorld;
beforeAll(async () => {
  world = await createHubWorld(inject("postgresUrl"));
});
afterAll(() => world.close());

const starter = { planId: "starter" };
const sessionOf = async (orderId: string) =>
  (await world.db.order.findUniqueOrThrow({ where: { id: orderId } })).checkoutSessionId!;

test("an order has one payment page, however often it is ordered before it is paid", async () => {
  const ctx = await world.customer();
  const first = await createOrder({ ctx, input: starter });
  const second = await createOrder({ ctx, input: starter });
  expect(first.checkoutUrl).toContain("http");
  expect(second).toEqual(first);
  const other = await createOrder({ ctx, input: { planId: "team" } });
  expect(other.order.id).not.toBe(first.order.id);
});

test("ten clicks at once make one order and one payment page", async () => {
  const ctx = await world.customer();
  const results = await Promise.all(Array.from({ length: 10 }, () => createOrder({ ctx, input: starter })));
  expect(new Set(results.map((result) => result.order.id)).size).toBe(1);
  expect(new Set(results.map((result) => result.checkoutUrl)).size).toBe(1);
});

test("an order that was paid while the webhook is late is confirmed instead of asking for money again", async () => {
  const ctx = await world.customer();
  const { order } = await createOrder({ ctx, input: starter });
  await world.controls.completeCheckout(await sessionOf(order.id));
  const again = await createOrder({ ctx, input: starter });
  expect(again.order.id).toBe(order.id);
  expect(again.checkoutUrl).toBeNull();
  expect(again.order.state).toBe("PAYMENT_CONFIRMED");
});

test("the success page confirms a paid order by asking Stripe, once", async () => {
  const ctx = await world.customer();
  const { order } = await createOrder({ ctx, input: starter });
  const orderId = world.orderId(order.id);
  expect((await syncCheckout({ ctx, input: { orderId } })).state).toBe("PENDING_PAYMENT");
  await world.controls.completeCheckout(await sessionOf(order.id));
  const synced = await Promise.all([1, 2, 3].map(() => syncCheckout({ ctx, input: { orderId } })));
  expect(synced.map((one) => one.state)).toEqual(Array(3).fill("PAYMENT_CONFIRMED"));
  const moves = await world.db.auditEvent.count({ where: { entityId: order.id, action: "order.state_changed" } });
  expect(moves).toBe(1);
  const row = await world.db.order.findUniqueOrThrow({ where: { id: order.id }, include: { organization: true } });
  expect(row.subscriptionId).toMatch(/^sub_/);
  expect(row.organization.stripeCustomerId).toMatch(/^cus_/);
  expect(row.currentPeriodEnd!.getTime()).toBeGreaterThan(world.clock.now());
});

test("who has an agent cannot order a second one, of any plan", async () => {
  const ctx = await world.customer();
  const { order } = await createOrder({ ctx, input: starter });
  await world.controls.completeCheckout(await sessionOf(order.id));
  await syncCheckout({ ctx, input: { orderId: world.orderId(order.id) } });
  for (const planId of ["starter", "team"]) {
    await expect(createOrder({ ctx, input: { planId } })).rejects.toMatchObject({ code: "conflict" });
  }
});

test("an expired payment page is replaced by a new one for the same order", async () => {
  const ctx = await world.customer();
  const first = await createOrder({ ctx, input: starter });
  world.clock.advance(25 * 3_600_000);
  const second = await createOrder({ ctx, input: starter });
  expect(second.order.id).toBe(first.order.id);
  expect(second.checkoutUrl).not.toBe(first.checkoutUrl);
});

test("nobody orders before the e-mail address is confirmed", async () => {
  const ctx = await world.customer({ emailVerified: false });
  await expect(createOrder({ ctx, input: starter })).rejects.toMatchObject({ code: "forbidden" });
  await expect(createOrder({ ctx: world.as({ kind: "anonymous" }), input: starter })).rejects.toMatchObject({
    code: "unauthenticated",
  });
});

test("an unknown plan is refused and says which field is wrong", async () => {
  const ctx = await world.customer();
  const error = await createOrder({ ctx, input: { planId: "free" } }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "invalid_input", errors: [{ path: "planId" }] });
});

test("another organisation's order is as unknown as one that does not exist", async () => {
  const owner = await world.customer();
  const stranger = await world.customer();
  const { order } = await createOrder({ ctx: owner, input: starter });
  const absent = world.orderId(`ord_${"0".repeat(32)}`);
  for (const orderId of [world.orderId(order.id), absent]) {
    for (const verb of [getOrder, syncCheckout]) {
      const error = await verb({ ctx: stranger, input: { orderId } }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "not_found", publicMessage: "There is no such order." });
    }
  }
  expect(await confirmPayment({ ctx: stranger, input: { orderId: world.orderId(order.id) } })).toBe("unknown_order");
  expect((await listOrders({ ctx: stranger, input: { limit: 50 } })).items).toEqual([]);
  expect((await listOrders({ ctx: owner, input: { limit: 50 } })).items.map(({ id }) => id)).toEqual([order.id]);
});

test("a retry is for staff, and only of an order that has failed", async () => {
  const ctx = await world.customer();
  const { order } = await createOrder({ ctx, input: starter });
  const input = { orderId: world.orderId(order.id) };
  await expect(retryOrder({ ctx, input })).rejects.toMatchObject({ code: "forbidden" });
  const staff = world.as({ kind: "staff", userId: "usr_staff", email: "staff@example.com" });
  await expect(retryOrder({ ctx: staff, input })).rejects.toMatchObject({ code: "conflict" });
});
