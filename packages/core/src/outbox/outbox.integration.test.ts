import { inTransaction } from "@berth/db";
import type { Enqueue } from "@berth/queue";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { createHubWorld, type HubWorld } from "../testing/hub-world.ts";
import { dispatchOutbox } from "./dispatch.ts";
import { enqueueJob } from "./enqueue-job.ts";

let world: HubWorld;
beforeAll(async () => {
  world = await createHubWorld(inject("postgresUrl"));
});
afterAll(() => world.close());
beforeEach(() => world.db.outboxMessage.deleteMany({}));

const put = (eventId: string, delayMs = 0) =>
  inTransaction(world.db, (tx) => enqueueJob(tx, world, "stripe.event", { eventId }, { delayMs }));
const dispatch = (enqueue: Enqueue) => dispatchOutbox({ db: world.db, clock: world.clock, enqueue });

test("a job of a transaction that is rolled back never exists", async () => {
  const work = inTransaction(world.db, async (tx) => {
    await enqueueJob(tx, world, "stripe.event", { eventId: "evt_never" });
    throw new Error("after the job");
  });
  await expect(work).rejects.toThrow("after the job");
  expect(await world.db.outboxMessage.count()).toBe(0);
});

test("a payload of another shape never gets into the outbox", async () => {
  await expect(put("not-an-event")).rejects.toThrow();
  expect(await world.db.outboxMessage.count()).toBe(0);
});

test("a row is held back until it is due, and the dispatcher says when that is", async () => {
  await put("evt_later", 5_000);
  const moved: string[] = [];
  const enqueue: Enqueue = async ({ id }) => void moved.push(id);
  const dueAt = world.clock.now() + 5_000;
  expect(await dispatch(enqueue)).toEqual({ dispatched: 0, nextDueAt: dueAt });
  world.clock.advance(5_000);
  expect(await dispatch(enqueue)).toEqual({ dispatched: 1, nextDueAt: null });
  expect(moved).toHaveLength(1);
});

test("a dispatcher that dies after the queue took a job gives it again under the same id", async () => {
  await put("evt_twice");
  const ids: string[] = [];
  const dies: Enqueue = async ({ id }) => {
    ids.push(id);
    throw new Error("killed before the commit");
  };
  await expect(dispatch(dies)).rejects.toThrow("killed");
  await dispatch(async ({ id }) => void ids.push(id));
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
  expect(await dispatch(dies)).toEqual({ dispatched: 0, nextDueAt: null });
});

test("several dispatchers at once move each row once", async () => {
  for (let n = 0; n < 120; n += 1) await put(`evt_${n}`);
  const moved: string[] = [];
  const enqueue: Enqueue = async ({ id }) => void moved.push(id);
  const untilEmpty = async (): Promise<void> => {
    const { dispatched, nextDueAt } = await dispatch(enqueue);
    if (dispatched > 0 || nextDueAt !== null) await untilEmpty();
  };
  await Promise.all([untilEmpty(), untilEmpty(), untilEmpty()]);
  expect(moved).toHaveLength(120);
  expect(new Set(moved).size).toBe(120);
});
