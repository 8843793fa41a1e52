import { AppError } from "@berth/platform";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createOrder } from "../order/index.ts";
import { createHubWorld, type HubWorld } from "../testing/hub-world.ts";
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
