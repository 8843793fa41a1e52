import { inTransaction } from "@berth/db";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createHubWorld, type HubWorld } from "../testing/hub-world.ts";
import { recordAudit } from "./record-audit.ts";
import { verifyAuditChain } from "./verify-audit-chain.ts";

let world: HubWorld;
beforeAll(async () => {
  world = await createHubWorld(inject("postgresUrl"));
});
afterAll(() => world.close());

const write = (organizationId: string, n: number) =>
  inTransaction(world.db, (tx) =>
    recordAudit(tx, world.system(), {
      action: "thing.changed",
      entity: "thing",
      entityId: `thing-${n}`,
      organizationId,
      details: { n, nested: { ö: [1.5, null] } },
    }),
  );

test("rows written at once make one unbroken chain for each organisation", async () => {
  await Promise.all(Array.from({ length: 24 }, (_, n) => write(n % 2 ? "org_a" : "org_b", n)));
  expect(await world.db.auditEvent.count({ where: { chain: "org_a" } })).toBe(12);
  expect(await verifyAuditChain({ db: world.db, chain: "org_a" })).toBeNull();
  expect(await verifyAuditChain({ db: world.db, chain: "org_b" })).toBeNull();
});

test("a row that somebody changed behind the database's back is found", async () => {
  await world.db.$executeRaw`ALTER TABLE "AuditEvent" DISABLE TRIGGER "AuditEvent_append_only"`;
  await world.db.auditEvent.updateMany({ where: { chain: "org_a", position: 5 }, data: { actorId: "somebody else" } });
  expect(await verifyAuditChain({ db: world.db, chain: "org_a" })).toBe(5);
  const hide = (organizationId: string | null) =>
    world.db.auditEvent.updateMany({ where: { chain: "org_b", position: 7 }, data: { organizationId } });
  for (const owner of ["org_a", null]) {
    await hide(owner);
    expect(await verifyAuditChain({ db: world.db, chain: "org_b" })).toBe(7);
  }
  await hide("org_b");
  await world.db.auditEvent.deleteMany({ where: { chain: "org_b", position: 3 } });
  expect(await verifyAuditChain({ db: world.db, chain: "org_b" })).toBe(4 - 1);
});

test("a change that is rolled back leaves no audit row", async () => {
  const work = inTransaction(world.db, async (tx) => {
    await recordAudit(tx, world.system(), { action: "a", entity: "b", entityId: "c", organizationId: "org_c" });
    throw new Error("after the audit row");
  });
  await expect(work).rejects.toThrow("after the audit row");
  expect(await world.db.auditEvent.count({ where: { chain: "org_c" } })).toBe(0);
});
