import { AppError } from "@berth/platform";
import type { CallPoint } from "@berth/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { verifyAuditChain } from "../audit/verify-audit-chain.ts";
import { createHubWorld, type HubWorld } from "../testing/hub-world.ts";
import { advanceOrder, confirmPayment, createOrder, getOrder, retryOrder } from "./index.ts";
import { transition } from "./transition.ts";

let world: HubWorld;
beforeAll(async () => {
  world = await createHubWorld(inject("postgresUrl"));
});
afterAll(() => world.close());
afterEach(() => world.heal());

const staff = () => world.as({ kind: "staff", userId: "usr_staff", email: "staff@example.com" });

async function paidOrder() {
  const ctx = await world.customer();
  const { order } = await createOrder({ ctx, input: { planId: "starter" } });
  const orderId = world.orderId(order.id);
  const { checkoutSessionId } = await world.db.order.findUniqueOrThrow({ where: { id: orderId } });
  await world.controls.completeCheckout(checkoutSessionId!);
  expect(await confirmPayment({ ctx, input: { orderId } })).toBe("confirmed");
  return { ctx, orderId };
}

/** Lets time pass in steps that are longer than every wait, until the order is in `state` or nothing moves any more. */
async function runUntil(orderId: string, state: string, { callsIn = true, verified = true } = {}): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    await world.runJobs();
    const now = await world.stateOf(orderId);
    if (now === state) return;
    const server = await world.db.server.findUnique({ where: { orderId } });
    if (callsIn && server?.provisionedAt) await world.agentCallsIn(orderId, { verified });
    world.clock.advance(5_000);
  }
}

const serversOf = async (orderId: string) => {
  const { name } = await world.db.server.findUniqueOrThrow({ where: { orderId } });
  return world.servers.all().filter((server) => server.name === name);
};

async function expectWholeAndOnce(orderId: string): Promise<void> {
  expect(await world.stateOf(orderId)).toBe("ACTIVE");
  expect(await serversOf(orderId)).toHaveLength(1);
  expect(await world.db.tenant.count({ where: { orderId } })).toBe(1);
  const server = await world.db.server.findUniqueOrThrow({ where: { orderId } });
  expect(server).toMatchObject({ sealedHostKey: null, sealedProvisioningKey: null });
  expect((await serversOf(orderId))[0]).toMatchObject({ sshOpen: false });
  const succeeded = await world.db.orderStep.findMany({ where: { orderId, status: "succeeded" } });
  expect(new Set(succeeded.map((step) => step.state)).size).toBe(succeeded.length);
  expect(succeeded).toHaveLength(7);
}

test("a paid order becomes one active tenant on one server, told step by step", async () => {
  const { ctx, orderId } = await paidOrder();
  await runUntil(orderId, "ACTIVE");
  await expectWholeAndOnce(orderId);
  const order = await getOrder({ ctx, input: { orderId } });
  expect(order.steps.map((step) => [step.state, step.attempt, step.status])).toEqual(
    [
      "PAYMENT_CONFIRMED",
      "SERVER_REQUESTED",
      "SERVER_READY",
      "DNS_PENDING",
      "DNS_READY",
      "PROVISIONING",
      "REGISTERED",
    ].map((state) => [state, 1, "succeeded"]),
  );
  await world.runJobs();
  const { email } = ctx.actor;
  const subjects = world.mailer.sent.filter((mail) => mail.to === email).map((mail) => mail.subject);
  expect(subjects).toEqual(["Your order is confirmed: Berth Starter", "Your agent is ready"]);
  expect(await verifyAuditChain({ db: world.db, chain: ctx.actor.organizationId })).toBeNull();
});

test("no key of a server is readable in the database while it is made, and none is left once it is active", async () => {
  const { orderId } = await paidOrder();
  await world.runJobs();
  const server = await world.db.server.findUniqueOrThrow({ where: { orderId } });
  expect(server.sealedProvisioningKey).not.toContain("private");
  expect(Buffer.from(server.sealedProvisioningKey!, "base64url").toString("latin1")).not.toContain("private");
  await runUntil(orderId, "ACTIVE");
  expect(JSON.stringify(await world.db.server.findUnique({ where: { orderId } }))).not.toContain('sealed":"');
});

test("without the proof of the gate an order does not become active, and says why", async () => {
  const { ctx, orderId } = await paidOrder();
  await runUntil(orderId, "ACTIVE", { verified: false });
  const order = await getOrder({ ctx, input: { orderId } });
  expect(order.state).toBe("REGISTERED");
  expect(order.steps.at(-1)).toMatchObject({
    status: "running",
    reason: "The agent has not proven its safety gate yet.",
  });
  await runUntil(orderId, "ACTIVE");
  await expectWholeAndOnce(orderId);
});

test("a gate that failed after its first proof keeps an order from becoming active until it is proven again", async () => {
  const { orderId } = await paidOrder();
  await runUntil(orderId, "PROVISIONING");
  await runUntil(orderId, "nowhere", { callsIn: false });
  await world.agentCallsIn(orderId, { verified: true });
  await world.agentCallsIn(orderId, { verified: false });
  await runUntil(orderId, "ACTIVE", { callsIn: false });
  expect(await world.stateOf(orderId)).toBe("REGISTERED");
  expect(await serversOf(orderId)).toMatchObject([{ sshOpen: true }]);
  await runUntil(orderId, "ACTIVE");
  await expectWholeAndOnce(orderId);
});

const points: CallPoint[] = [
  "before createServer",
  "after createServer",
  "before isReachable",
  "after isReachable",
  "before upsertRecord",
  "after upsertRecord",
  "after findRecord",
  "before provisionServer",
  "after provisionServer",
  "before finishProvisioning",
  "after finishProvisioning",
];

describe.each(points)("a worker killed %s", (point) => {
  test("is replaced by one that goes on, to one server and one active tenant", async () => {
    const { orderId } = await paidOrder();
    const reached = Promise.withResolvers<void>();
    const neverAgain = Promise.withResolvers<void>();
    let killed = false;
    world.breakAt(async (at) => {
      if (at !== point || killed) return;
      killed = true;
      reached.resolve();
      await neverAgain.promise; // from here on the database sees what it sees of a process that is gone
    });
    const first = runUntil(orderId, "ACTIVE");
    await Promise.race([reached.promise, first]);
    expect(killed).toBe(true);
    world.clock.advance(60_000);
    await revive(orderId);
    await runUntil(orderId, "ACTIVE");
    await expectWholeAndOnce(orderId);
    // The one that was taken for dead comes back: what it wanted to write is refused.
    neverAgain.resolve();
    await first;
    await expectWholeAndOnce(orderId);
  });
});

/** What the queue does with a killed worker's job: gives it to another. The lease of the dead has to run out first. */
async function revive(orderId: string): Promise<void> {
  await world.db.order.update({ where: { id: orderId }, data: { leaseExpiresAt: new Date(0) } });
  await advanceOrder({ ctx: world.system(), input: { orderId: world.orderId(orderId) } });
}

test("two workers at once do a step once", async () => {
  const { orderId } = await paidOrder();
  const input = { orderId };
  await Promise.all([1, 2, 3].map(() => advanceOrder({ ctx: world.system(), input })));
  const steps = await world.db.orderStep.findMany({ where: { orderId } });
  expect(steps.filter((step) => step.state === "PAYMENT_CONFIRMED")).toHaveLength(1);
  expect((await serversOf(orderId))[0]?.asked).toBe(1);
  const waiting = await world.db.outboxMessage.count({
    where: { job: "order.advance", dispatchedAt: null, payload: { path: ["orderId"], equals: orderId } },
  });
  expect(waiting).toBeLessThanOrEqual(3);
});

test("a fault that passes is tried again and not told as a failure", async () => {
  const { orderId } = await paidOrder();
  let faults = 0;
  world.breakAt((at) => {
    if (at === "before createServer" && faults < 3) {
      faults += 1;
      throw new AppError("unavailable", "The provider does not answer.");
    }
  });
  await runUntil(orderId, "ACTIVE");
  expect(faults).toBe(3);
  await expectWholeAndOnce(orderId);
});

test("a fault that stays fails the order with its reason, and staff can go on from that step", async () => {
  const { ctx, orderId } = await paidOrder();
  world.breakAt((at) => {
    if (at === "before upsertRecord") throw new AppError("conflict", "The name is taken.");
  });
  await runUntil(orderId, "FAILED");
  const failed = await getOrder({ ctx, input: { orderId } });
  expect(failed).toMatchObject({ state: "FAILED", failureReason: "The name is taken." });
  expect(failed.steps.at(-1)).toMatchObject({ state: "SERVER_READY", status: "failed", reason: "The name is taken." });
  await world.runJobs();
  const subjects = world.mailer.sent.filter((mail) => mail.to === ctx.actor.email).map((mail) => mail.subject);
  expect(subjects).toContain("Setting up your agent has stopped");
  world.heal();
  expect((await retryOrder({ ctx: staff(), input: { orderId } })).state).toBe("SERVER_READY");
  await runUntil(orderId, "ACTIVE");
  await expectWholeAndOnce(orderId);
  const attempts = await world.db.orderStep.findMany({ where: { orderId, state: "SERVER_READY" } });
  expect(attempts.map((step) => [step.attempt, step.status])).toEqual([
    [1, "failed"],
    [2, "succeeded"],
  ]);
});

test("a step that does not end before its deadline fails the order and says what it waited for", async () => {
  const { ctx, orderId } = await paidOrder();
  await runUntil(orderId, "PROVISIONING");
  await runUntil(orderId, "nothing", { callsIn: false });
  world.clock.advance(30 * 60_000);
  await world.runJobs();
  const order = await getOrder({ ctx, input: { orderId } });
  expect(order.state).toBe("FAILED");
  expect(order.failureReason).toBe(
    "Setting up the server took longer than 20 minutes. The last we heard: The server is set up; its agent has not called in yet.",
  );
});

test("a retry of the host plan makes a new token, and the old one is worth nothing", async () => {
  const { orderId } = await paidOrder();
  await runUntil(orderId, "PROVISIONING");
  await world.runJobs();
  world.clock.advance(30 * 60_000);
  await world.runJobs();
  expect(await world.stateOf(orderId)).toBe("FAILED");
  const old = (await serversOf(orderId))[0]!.enrolmentToken;
  await retryOrder({ ctx: staff(), input: { orderId } });
  await runUntil(orderId, "ACTIVE");
  await expectWholeAndOnce(orderId);
  expect((await serversOf(orderId))[0]!.enrolmentToken).not.toBe(old);
  const tokens = await world.db.enrolmentToken.findMany({
    where: { tenant: { orderId } },
    orderBy: { createdAt: "asc" },
  });
  expect(tokens.map((token) => [token.revokedAt !== null, token.usedAt !== null])).toEqual([
    [true, false],
    [false, true],
  ]);
});

test("a move that the table lacks is refused and changes nothing", async () => {
  const { orderId } = await paidOrder();
  const order = await world.db.order.findUniqueOrThrow({ where: { id: orderId } });
  const leap = world.db.$transaction((tx) => transition(tx, world.system(), { order, to: "ACTIVE" }));
  await expect(leap).rejects.toMatchObject({ code: "conflict" });
  const stale = world.db.$transaction((tx) =>
    transition(tx, world.system(), { order: { ...order, state: "SERVER_REQUESTED" }, to: "SERVER_READY" }),
  );
  await expect(stale).rejects.toMatchObject({ code: "conflict" });
  expect(await world.stateOf(orderId)).toBe("PAYMENT_CONFIRMED");
});

test("only the system works on orders", async () => {
  const { ctx, orderId } = await paidOrder();
  await expect(advanceOrder({ ctx, input: { orderId } })).rejects.toMatchObject({ code: "forbidden" });
});
