import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createTestDatabase, startPostgres } from "@berth/testkit";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createDb, type Db, forOrganization, inTransaction, isUniqueViolation, migrate } from "./index.ts";

const root = new URL("../../../prisma/", import.meta.url);
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Db;

beforeAll(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
  db = createDb({ url: database.url });
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const now = new Date("2026-01-05T09:00:00.000Z");

async function organizationWithOrder(name: string) {
  await db.organization.create({ data: { id: `org_${name}`, name, slug: name, createdAt: now } });
  await db.user.create({ data: { id: `usr_${name}`, name, email: `${name}@example.com` } });
  return createOrder(name, `ord_${name}`);
}

const createOrder = (name: string, id: string) =>
  db.order.create({
    data: {
      id,
      organizationId: `org_${name}`,
      userId: `usr_${name}`,
      planId: "starter",
      stateEnteredAt: now,
      createdAt: now,
      updatedAt: now,
    },
  });

test("one organisation's view holds no row of another, by whatever read", async () => {
  await organizationWithOrder("ours");
  await organizationWithOrder("theirs");
  const ours = forOrganization(db, "org_ours");
  expect((await ours.order.findMany()).map((order) => order.id)).toEqual(["ord_ours"]);
  expect(await ours.order.findUnique({ where: { id: "ord_theirs" } })).toBeNull();
  expect(await ours.order.findFirst({ where: { OR: [{ id: "ord_theirs" }, { id: "nothing" }] } })).toBeNull();
  expect(await ours.order.count({ where: { organizationId: "org_theirs" } })).toBe(0);
  expect(await ours.order.findUnique({ where: { id: "ord_ours" } })).toMatchObject({ id: "ord_ours" });
});

test("one organisation's view neither writes nor reads what belongs to nobody", async () => {
  // The type leaves these out; whoever gets around it is refused when it runs.
  const ours = forOrganization(db, "org_ours") as Db;
  await expect(ours.order.deleteMany()).rejects.toMatchObject({ code: "internal" });
  await expect(ours.webhookEvent.findMany()).rejects.toMatchObject({ code: "internal" });
  await expect(ours.$queryRaw`SELECT 1`).rejects.toMatchObject({ code: "internal" });
  expect(await db.order.count()).toBe(2);
});

test("two unpaid orders of one organisation and plan can't exist", async () => {
  await organizationWithOrder("twice");
  const second = createOrder("twice", "ord_second");
  expect(isUniqueViolation(await second.catch((error: unknown) => error))).toBe(true);
});

test("an audit event can be neither changed nor removed", async () => {
  const event = { chain: "hub", position: 1, at: now, actorKind: "system", action: "test", entity: "x", entityId: "x" };
  await db.auditEvent.create({ data: { ...event, id: "aud_1", details: {}, previousHash: "", hash: "h" } });
  await expect(db.auditEvent.update({ where: { id: "aud_1" }, data: { action: "other" } })).rejects.toThrow();
  await expect(db.auditEvent.delete({ where: { id: "aud_1" } })).rejects.toThrow();
  await expect(db.$executeRaw`TRUNCATE "AuditEvent"`).rejects.toThrow("append-only");
});

test("a failed transaction leaves nothing behind", async () => {
  const work = inTransaction(db, async (tx) => {
    await tx.organization.create({ data: { id: "org_gone", name: "gone", slug: "gone" } });
    throw new Error("after the write");
  });
  await expect(work).rejects.toThrow("after the write");
  expect(await db.organization.findUnique({ where: { id: "org_gone" } })).toBeNull();
});

test("migrating again applies nothing, and an edited migration is refused", async () => {
  const directory = path.join(mkdtempSync(path.join(tmpdir(), "berth-migrations-")), "migrations");
  await mkdir(directory);
  await cp(new URL("migrations", root), directory, { recursive: true });
  expect(await migrate({ url: database.url, directory })).toEqual([]);
  const first = readdirSync(directory, { withFileTypes: true }).find((entry) => entry.isDirectory())!;
  writeFileSync(path.join(directory, first.name, "migration.sql"), "SELECT 1;");
  await expect(migrate({ url: database.url, directory })).rejects.toMatchObject({ code: "conflict" });
});

test("a migration that fails is remembered and stops every later run", async () => {
  const directory = mkdtempSync(path.join(tmpdir(), "berth-migrations-"));
  await mkdir(path.join(directory, "99990101000000_broken"));
  writeFileSync(path.join(directory, "99990101000000_broken", "migration.sql"), "CREATE TABLE nonsense (;");
  await expect(migrate({ url: database.url, directory })).rejects.toThrow(/syntax error/);
  await expect(migrate({ url: database.url, directory })).rejects.toMatchObject({ code: "conflict" });
});

test("a kept server asks for its password, and its data outlives a restart", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "berth-kept-"));
  const options = { dir: path.join(dir, "data"), passwordFile: path.join(dir, "password") };
  const empty = mkdtempSync(path.join(tmpdir(), "berth-migrations-"));
  const first = await startPostgres(options);
  const url = new URL(first.url);
  url.password = "wrong";
  await expect(migrate({ url: url.href, directory: empty })).rejects.toThrow(/password/);
  await migrate({ url: first.url, directory: empty });
  await first.stop();
  const second = await startPostgres(options);
  const again = createDb({ url: second.url });
  expect(await again.$queryRaw`SELECT count(*)::int AS n FROM _prisma_migrations`).toEqual([{ n: 0 }]);
  await again.$disconnect();
  await second.stop();
});
