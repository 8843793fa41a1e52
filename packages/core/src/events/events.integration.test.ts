import { inTransaction } from "@berth/db";
import { createLogger, untilTrue } from "@berth/platform";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { openTestHub, type TestHub } from "../testing/index.ts";
import type { HubNotification } from "./notification.ts";
import { publishEvent } from "./publish.ts";
import { subscribe } from "./subscribe.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub(inject("postgresUrl"));
});
afterAll(() => hub.close());

const log = createLogger({ service: "test", level: "silent" });
const eventOf = (id: string) => ({ entity: "order" as const, id, tenantId: null, organizationId: "org_1" });
const publish = (id: string) => inTransaction(hub.db, (tx) => publishEvent(tx, eventOf(id)));

it("delivers what was committed, nothing that was rolled back, and goes on after the connection was cut", async () => {
  const heard: HubNotification[] = [];
  let resumed = 0;
  const subscription = subscribe({
    databaseUrl: hub.url,
    log,
    onNotification: (notification) => heard.push(notification),
    onResumed: () => {
      resumed += 1;
    },
    retryMs: 20,
  });
  await subscription.ready;
  const rolledBack = inTransaction(hub.db, async (tx) => {
    await publishEvent(tx, eventOf("never"));
    throw new Error("rolled back");
  });
  await expect(rolledBack).rejects.toThrow("rolled back");
  await publish("first");
  await untilTrue(() => heard.length === 1, { timeoutMs: 5000 });
  await hub.db.$executeRaw`SELECT pg_notify('berth_events', 'not json')`;
  const cut = await hub.db.$queryRaw`
    SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'berth-events'`;
  expect(cut).toHaveLength(1);
  await untilTrue(() => resumed === 1, { timeoutMs: 5000 });
  await publish("second");
  await untilTrue(() => heard.length === 2, { timeoutMs: 5000 });
  expect(heard).toEqual(["first", "second"].map((id) => ({ type: "changed", ...eventOf(id) })));
  await subscription.stop();
  await publish("third");
  expect(heard).toHaveLength(2);
});
