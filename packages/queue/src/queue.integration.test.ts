import { randomBytes } from "node:crypto";
import type { OrderId } from "@berth/contracts";
import { createLogger, untilTrue } from "@berth/platform";
import { createTestDatabase } from "@berth/testkit";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { type Consumer, consume, type JobQueues, listenForWakeUps, openQueues, type Processors } from "./index.ts";

const log = createLogger({ service: "test", level: "silent" });
const orderId = (n: number): OrderId => `ord_${String(n).padStart(32, "0")}`;
const soon = { timeoutMs: 30_000, intervalMs: 20 };

let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
});
afterAll(() => database.drop());

const backends = ["postgres", ...(inject("redisUrl") ? ["redis"] : [])];

describe.each(backends)("on %s", (backend) => {
  const prefix = `test_${randomBytes(6).toString("hex")}`;
  const address = () => ({
    databaseUrl: database.url,
    redisUrl: backend === "redis" ? (inject("redisUrl") ?? undefined) : undefined,
    prefix,
    log,
  });
  let queues: JobQueues;
  const consumers: Consumer[] = [];
  const start = (processors: Processors) => consumers.push(consume({ ...address(), processors }));

  beforeAll(() => {
    queues = openQueues(address());
  });
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.close()));
  });
  afterAll(() => queues.close());

  test("a job reaches its processor with the payload it was given", async () => {
    const seen: string[] = [];
    start({ "order.advance": async ({ orderId }) => void seen.push(orderId) });
    await queues.enqueue({ id: "out_a", job: "order.advance", payload: { orderId: orderId(1) } });
    await untilTrue(async () => seen.length === 1, soon);
    expect(seen).toEqual([orderId(1)]);
  });

  test("the same id twice is one job, also after it was done", async () => {
    const seen: string[] = [];
    start({ "order.advance": async ({ orderId }) => void seen.push(orderId) });
    const job = { id: "out_b", job: "order.advance", payload: { orderId: orderId(2) } } as const;
    await Promise.all([queues.enqueue(job), queues.enqueue(job)]);
    await untilTrue(async () => seen.length > 0, soon);
    await queues.enqueue(job);
    await queues.enqueue({ id: "out_c", job: "order.advance", payload: { orderId: orderId(3) } });
    await untilTrue(async () => seen.includes(orderId(3)), soon);
    expect(seen).toEqual([orderId(2), orderId(3)]);
  });

  test("a job that fails is tried again", async () => {
    const attempts: number[] = [];
    start({
      "order.advance": async (_payload, { attempt }) => {
        attempts.push(attempt);
        if (attempts.length === 1) throw new Error("the first time");
      },
    });
    await queues.enqueue({ id: "out_d", job: "order.advance", payload: { orderId: orderId(4) } });
    await untilTrue(async () => attempts.length === 2, soon);
    expect(attempts).toEqual([1, 2]);
  });

  test("a payload of another shape is refused before it is queued", async () => {
    const bad = queues.enqueue({ id: "out_e", job: "order.advance", payload: { orderId: "not-an-order" } });
    await expect(bad).rejects.toMatchObject({ code: "invalid_input" });
  });

  test("a slow kind of job does not hold up another", async () => {
    const slow = Promise.withResolvers<void>();
    const seen: string[] = [];
    start({
      "order.advance": () => slow.promise,
      "stripe.event": async ({ eventId }) => void seen.push(eventId),
    });
    for (let n = 10; n < 20; n += 1) {
      await queues.enqueue({ id: `out_slow_${n}`, job: "order.advance", payload: { orderId: orderId(n) } });
    }
    await queues.enqueue({ id: "out_f", job: "stripe.event", payload: { eventId: "evt_1" } });
    await untilTrue(async () => seen.length === 1, soon);
    slow.resolve();
  });

  test("a scheduled job comes again and again", async () => {
    let runs = 0;
    start({
      sweep: async () => {
        runs += 1;
      },
    });
    await queues.schedule({ job: "sweep", everyMs: 100 });
    await untilTrue(async () => runs >= 3, soon);
    expect(runs).toBeGreaterThanOrEqual(3);
  });
});

test("a notification wakes the waiting at once, and a lost connection is made again", async () => {
  const wakeUps = listenForWakeUps({ databaseUrl: database.url, channel: "berth_test", log });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await wakeUps.next(10_000); // the first one says that it listens
  const woken = wakeUps.next(60_000);
  await client.query("NOTIFY berth_test");
  await woken;
  const again = wakeUps.next(60_000); // ends only when the connection is back
  await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
  await again;
  await wakeUps.close();
  await client.end();
});
