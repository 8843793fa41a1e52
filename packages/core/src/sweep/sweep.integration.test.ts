import { AppError } from "@berth/platform";
import { createStoredWorld } from "@berth/testkit";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createOrder } from "../order/index.ts";
import { receiveStripeEvent } from "../stripe-event/index.ts";
import { createHubWorld, type HubWorld } from "../testing/hub-world.ts";
import { recordUsage, reportUsage } from "../usage/index.ts";
import { compareServers, sweep } from "./index.ts";

let world: HubWorld;
beforeAll(async () => {
  world = await createHubWorld(inject("postgresUrl"));
});
afterAll(() => world.close());

async function paidUnconfirmedOrder() {
  const ctx = await world.customer();
  const { order } = await createOrder({ ctx, input: { planId: "starter" } });
  const row = await world.db.order.findUniqueOrThrow({ where: { id: order.id } });
  await world.controls.completeCheckout(row.checkoutSessionId!);
  return order.id;
}

const run = () => sweep({ ctx: world.system("sweep") });

test("a payment whose webhook never came is found", async () => {
  const orderId = await paidUnconfirmedOrder();
  await run();
  expect(await world.stateOf(orderId)).toBe("PENDING_PAYMENT");
  world.clock.advance(6 * 60_000);
  expect(await run()).toEqual({ failed: [] });
  expect(await world.stateOf(orderId)).toBe("PAYMENT_CONFIRMED");
});

test("an order whose job got lost is taken up again", async () => {
  const orderId = await paidUnconfirmedOrder();
  world.clock.advance(6 * 60_000);
  await run();
  await world.db.outboxMessage.deleteMany({});
  world.clock.advance(61_000);
  await run();
  const waiting = await world.db.outboxMessage.findMany({ where: { job: "order.advance" } });
  expect(waiting.map((row) => row.payload)).toContainEqual({ orderId });
  await world.runJobs();
  expect(await world.stateOf(orderId)).not.toBe("PAYMENT_CONFIRMED");
});

test("an unknown server is reported and left alone; a missing one is reported too", async () => {
  const stray = await world.servers.vps.createServer({
    name: "somebody-elses",
    cores: 1,
    memoryMb: 1,
    diskGb: 1,
    userData: "",
    labels: {},
  });
  const orderId = await paidUnconfirmedOrder();
  world.clock.advance(6 * 60_000);
  await run();
  await world.runJobs();
  await world.db.server.update({ where: { orderId }, data: { name: "was-made-and-is-gone" } });
  const { unknown, missing } = await compareServers(world.system());
  expect(unknown).toContainEqual({ id: stray.id, name: "somebody-elses" });
  expect(missing.map((server) => server.name)).toEqual(["was-made-and-is-gone"]);
  expect(await world.servers.vps.findServerByName("somebody-elses")).not.toBeNull();
});

test("a tenant that stops calling in is offline", async () => {
  const orderId = await paidUnconfirmedOrder();
  world.clock.advance(6 * 60_000);
  await run();
  for (let round = 0; round < 10 && (await world.stateOf(orderId)) !== "PROVISIONING"; round += 1) {
    await world.runJobs();
    world.clock.advance(5_000);
  }
  await world.runJobs();
  await world.agentCallsIn(orderId);
  await run();
  const healthOf = async () => (await world.db.tenant.findUniqueOrThrow({ where: { orderId } })).health;
  expect(await healthOf()).toBe("healthy");
  world.clock.advance(31_000);
  await run();
  expect(await healthOf()).toBe("offline");
});

test("an event whose job was tried in vain while Stripe was away is worked later, and a broken one does not hold it up", async () => {
  const orderId = await paidUnconfirmedOrder();
  const { checkoutSessionId } = await world.db.order.findUniqueOrThrow({ where: { id: orderId } });
  await world.db.order.update({ where: { id: orderId }, data: { checkoutExpiresAt: new Date(0) } }); // not asked about
  const receive = async (objectId: string) => {
    const event = world.stripeEvent({ objectId });
    await receiveStripeEvent({ ctx: world.as({ kind: "webhook", source: "stripe" }), input: event });
    return event.id;
  };
  const broken = await receive("sub_broken");
  world.clock.advance(1);
  const event = await receive(checkoutSessionId!);
  const stateOf = async (id: string) => (await world.db.webhookEvent.findUniqueOrThrow({ where: { id } })).state;
  const ctx = world.system("sweep");
  const readSubscription = async (id: string) => {
    if (id === "sub_broken") throw new AppError("internal", "This one can't be read.");
    return world.billing.readSubscription(id);
  };
  const billing = { ...ctx.deps.billing, readSubscription };
  const sweepOnce = () => sweep({ ctx: { ...ctx, deps: { ...ctx.deps, billing } } });
  await sweepOnce();
  expect(await stateOf(event)).toBe("received");
  world.clock.advance(11 * 60_000);
  expect(await sweepOnce()).toEqual({ failed: [] });
  expect(await stateOf(event)).toBe("applied");
  expect(await stateOf(broken)).toBe("received");
});

test("tokens whose report was tried in vain arrive at the meter later, once", async () => {
  const { db, clock, ids } = world;
  const stored = createStoredWorld({ db, clock, ids });
  const tenant = await stored.addTenant(await stored.addCustomer());
  const { tenantId } = tenant;
  const hour = new Date(Math.floor(clock.now() / 3_600_000) * 3_600_000).toISOString();
  const bucket = { hour, agent: "main", provider: "anthropic", model: "claude", kind: "input" as const, tokens: 7 };
  await recordUsage({ ctx: world.as({ kind: "tenantAgent", tenantId }), input: { buckets: [bucket] } });
  const ctx = world.system("usage.report");
  const away = { reportMeterEvent: () => Promise.reject(new AppError("unavailable", "Stripe does not answer.")) };
  const billing = { ...ctx.deps.billing, ...away };
  const job = reportUsage({ ctx: { ...ctx, deps: { ...ctx.deps, billing } }, input: { tenantId } });
  await expect(job).rejects.toMatchObject({ code: "unavailable" });
  const sent: number[] = [];
  const counting = { reportMeterEvent: async ({ tokens }: { tokens: number }) => void sent.push(tokens) };
  const sweepOnce = () => sweep({ ctx: { ...ctx, deps: { ...ctx.deps, billing: { ...billing, ...counting } } } });
  clock.advance(11 * 60_000);
  expect(await sweepOnce()).toEqual({ failed: [] });
  expect(await sweepOnce()).toEqual({ failed: [] });
  expect(sent).toEqual([7]);
});

test("a part that fails does not hold up the others", async () => {
  const orderId = await paidUnconfirmedOrder();
  world.clock.advance(6 * 60_000);
  const ctx = world.system("sweep");
  const vps = {
    ...ctx.deps.vps,
    listServers: () => Promise.reject(new AppError("unavailable", "The provider does not answer.")),
  };
  expect(await sweep({ ctx: { ...ctx, deps: { ...ctx.deps, vps } } })).toEqual({ failed: ["compareServers"] });
  expect(await world.stateOf(orderId)).not.toBe("PENDING_PAYMENT");
});
