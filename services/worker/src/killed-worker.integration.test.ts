import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { OrderId, TenantId } from "@berth/contracts";
import { type Ctx, createDb, type Db, enqueueJob, enrol, recordHeartbeat } from "@berth/core";
import { createIds, createLogger, generateSigningKey, isoOf, systemClock, untilTrue } from "@berth/platform";
import { type CallPoint, createFakeServers, createTestDatabase } from "@berth/testkit";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";

const clock = systemClock;
const ids = createIds(clock);
const log = createLogger({ service: "test", level: "silent" });
const patience = { timeoutMs: 60_000, intervalMs: 50 };
const program = new URL("./testing/worker-process.ts", import.meta.url).pathname;
const versions = { agent: "1", egressProxy: "1", safetyWrapper: "1", openclaw: "1", node: "24" };

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Db;
let dir: string;
let worker: ChildProcess | undefined;
const sealKey = randomBytes(32).toString("base64url");

beforeEach(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
  db = createDb({ url: database.url });
  dir = mkdtempSync(path.join(tmpdir(), "berth-killed-worker-"));
});
afterEach(async () => {
  await kill();
  await db.$disconnect();
  await database.drop();
  rmSync(dir, { recursive: true, force: true });
});

function startWorker(freezeAt: CallPoint | undefined, redisUrl: string | undefined): void {
  const options = { databaseUrl: database.url, redisUrl, dir, sealKey, freezeAt };
  worker = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ["ignore", "ignore", "inherit"] });
}

async function kill(): Promise<void> {
  if (!worker || worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = once(worker, "exit");
  worker.kill("SIGKILL");
  await gone;
}

/** A paid order with its first job in the outbox, as the payment's transaction leaves it. */
async function paidOrder(): Promise<OrderId> {
  const now = new Date(clock.now());
  const orderId = OrderId.parse(ids.next("ord"));
  const organizationId = ids.next("org");
  const userId = ids.next("usr");
  await db.user.create({ data: { id: userId, name: "A", email: `${userId}@example.com` } });
  await db.organization.create({ data: { id: organizationId, name: "A", slug: organizationId } });
  await db.$transaction(async (tx) => {
    await tx.order.create({
      data: {
        id: orderId,
        organizationId,
        userId,
        planId: "starter",
        state: "PAYMENT_CONFIRMED",
        stateEnteredAt: now,
        createdAt: now,
        updatedAt: now,
      },
    });
    await enqueueJob(tx, { clock, ids }, "order.advance", { orderId });
  });
  return orderId;
}

/** What the agent on the server does once the host plan has brought its token there. */
async function callIn(orderId: OrderId): Promise<void> {
  const { publicKey, privateKey } = generateSigningKey();
  const hubKeys = { current: { kid: "hub-test", privateKey }, all: [{ kid: "hub-test", publicKey }] };
  const deps = { hubKeys, config: { heartbeatIntervalMs: 5000 } } as Ctx["deps"]; // all that these two verbs look at
  const ctx = { clock, ids, log, db, deps };
  const [server] = createFakeServers({ dir }).all();
  const agentKey = generateSigningKey().publicKey;
  await enrol({
    ctx: { ...ctx, actor: { kind: "anonymous" } },
    input: { token: server!.enrolmentToken!, publicKey: agentKey, versions, isolation: "process" },
  });
  const tenantId = TenantId.parse((await db.tenant.findUniqueOrThrow({ where: { orderId } })).id);
  const now = isoOf(clock.now());
  await recordHeartbeat({
    ctx: { ...ctx, actor: { kind: "tenantAgent", tenantId } },
    input: {
      sentAt: now,
      bootId: "boot",
      versions,
      load: { load1: 0, memoryUsedMb: 1, memoryTotalMb: 2, diskFreeMb: 3 },
      gate: { verified: true, reason: null, testedAt: now },
      policyVersion: 1,
      budget: { tokensUsedThisMonth: 0, tokensPerMonth: null },
      openApprovals: 0,
    },
  });
}

async function killAt(point: CallPoint, redisUrl: string | undefined): Promise<void> {
  const mark = path.join(dir, "frozen");
  startWorker(point, redisUrl);
  await untilTrue(() => existsSync(mark), { ...patience, what: `a worker ${point}` });
  expect(readFileSync(mark, "utf8")).toBe(point);
  await kill();
  rmSync(mark);
}

const redis = inject("redisUrl");
const backends = [
  ["postgres", undefined, ["after createServer", "before provisionServer", "after provisionServer"]],
  ...(redis ? [["redis", redis, ["after createServer"]] as const] : []),
] as const;

describe.each(backends)("on %s", (_name, redisUrl, points) => {
  test("a worker killed with -9 again and again leaves one server and one active tenant", async () => {
    const orderId = await paidOrder();
    for (const point of points) await killAt(point, redisUrl);
    startWorker("after finishProvisioning", redisUrl);
    const provisioned = async () => (await db.server.findUnique({ where: { orderId } }))?.provisionedAt;
    await untilTrue(provisioned, { ...patience, what: "the host plan" });
    await callIn(orderId);
    await untilTrue(() => existsSync(path.join(dir, "frozen")), { ...patience, what: "the end of provisioning" });
    await kill();
    startWorker(undefined, redisUrl);
    const active = async () => (await db.order.findUniqueOrThrow({ where: { id: orderId } })).state === "ACTIVE";
    await untilTrue(active, { ...patience, what: "the active order" });
    const servers = createFakeServers({ dir }).all();
    expect(servers).toHaveLength(1);
    expect(servers[0]).toMatchObject({ sshOpen: false });
    expect(await db.tenant.count()).toBe(1);
    expect(await db.server.count()).toBe(1);
    const steps = await db.orderStep.findMany({ where: { orderId } });
    expect(steps.map((step) => step.status)).toEqual(Array(7).fill("succeeded"));
  });
});
