import type { EnrolInput } from "@berth/contracts";
import { generateSigningKey, signRequest } from "@berth/platform";
import type { WorldTenant } from "@berth/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { openTestHub, type TestHub } from "../testing/index.ts";
import { authenticateRequest } from "./authenticate-request.ts";
import { enrol } from "./enrol.ts";

let hub: TestHub;
let tenant: WorldTenant;
beforeAll(async () => {
  hub = await openTestHub(inject("postgresUrl"));
});
afterAll(() => hub.close());
beforeEach(async () => {
  tenant = await hub.world.addTenant(await hub.world.addCustomer(), { orderState: "PROVISIONING", enrolled: false });
});

const inputOf = (token: string, publicKey = generateSigningKey().publicKey): EnrolInput => ({
  token,
  publicKey,
  versions: { agent: "1.0.0", egressProxy: null, safetyWrapper: null, openclaw: null, node: "24" },
  isolation: "machine",
});
const tryEnrol = (input: EnrolInput) => enrol({ ctx: hub.ctx, input });
const refusals = async () =>
  (await hub.db.auditEvent.findMany({ where: { action: "tenant.enrolment_refused" }, orderBy: { id: "asc" } })).map(
    (row) => (row.details as { why: string }).why,
  );
const theOnePublicRefusal = { code: "unauthenticated", publicMessage: "The enrolment token was not accepted." };

describe("enrol", () => {
  it("keeps the server's key, audits it and moves the order on", async () => {
    const token = await hub.world.addEnrolmentToken(tenant);
    const input = inputOf(token);
    const result = await tryEnrol(input);
    expect(result).toMatchObject({ tenantId: tenant.tenantId, heartbeatIntervalMs: 30_000 });
    expect(result.hubKeys).toEqual(hub.ctx.deps.hubKeys.all);
    const row = await hub.db.tenant.findUniqueOrThrow({ where: { id: tenant.tenantId } });
    expect(row).toMatchObject({ publicKey: input.publicKey, keyId: result.keyId, isolation: "machine" });
    const jobs = await hub.db.outboxMessage.findMany({ where: { job: "order.advance" } });
    expect(jobs.map((job) => job.payload)).toContainEqual({ orderId: tenant.orderId });
    const audit = await hub.db.auditEvent.findFirstOrThrow({ where: { entityId: tenant.tenantId } });
    expect(audit).toMatchObject({ action: "tenant.enrolled", actorKind: "tenantAgent" });
  });

  it("gives the same answer again to the same key, and refuses another key", async () => {
    const token = await hub.world.addEnrolmentToken(tenant);
    const input = inputOf(token);
    const first = await tryEnrol(input);
    expect(await tryEnrol(input)).toEqual(first);
    await expect(tryEnrol(inputOf(token))).rejects.toMatchObject(theOnePublicRefusal);
    expect((await refusals()).at(-1)).toBe("used");
    hub.ctx.clock.advance(16 * 60_000);
    await expect(tryEnrol(input)).rejects.toMatchObject(theOnePublicRefusal);
  });

  it("lets one of many keys win when a token is used by all of them at once", async () => {
    const token = await hub.world.addEnrolmentToken(tenant);
    const inputs = Array.from({ length: 6 }, () => inputOf(token));
    const settled = await Promise.allSettled(inputs.map(tryEnrol));
    expect(settled.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    const row = await hub.db.tenant.findUniqueOrThrow({ where: { id: tenant.tenantId } });
    expect(row.publicKey).toBe(inputs[settled.findIndex((one) => one.status === "fulfilled")]?.publicKey);
  });

  it("refuses unknown, expired, revoked and foreign tokens in one wording, and audits which it was of those that are known", async () => {
    const other = await hub.world.addTenant(await hub.world.addCustomer(), { enrolled: false });
    const expired = await hub.world.addEnrolmentToken(tenant, { lifetimeMs: -1 });
    const ofAnotherServer = await hub.world.addEnrolmentToken(tenant, { serverId: other.serverId });
    const revoked = await hub.world.addEnrolmentToken(other);
    await hub.db.enrolmentToken.updateMany({
      where: { tenantId: other.tenantId, serverId: other.serverId },
      data: { revokedAt: new Date(hub.ctx.clock.now()) },
    });
    const foreign = await hub.world.addEnrolmentToken(tenant);
    const before = (await refusals()).length;
    for (const input of [
      inputOf("nobody-ever-made-this-token"),
      inputOf(expired),
      inputOf(ofAnotherServer),
      inputOf(revoked),
      { ...inputOf(foreign), tenantId: other.tenantId },
    ]) {
      await expect(tryEnrol(input)).rejects.toMatchObject(theOnePublicRefusal);
    }
    expect((await refusals()).slice(before)).toEqual(["expired", "foreign", "revoked", "foreign"]);
    expect(await hub.db.tenant.findUnique({ where: { id: tenant.tenantId } })).toMatchObject({ publicKey: null });
  });

  it("never lets a server claim more isolation than was ordered", async () => {
    const token = await hub.world.addEnrolmentToken(tenant);
    await tryEnrol({ ...inputOf(token), isolation: "process" });
    expect(await hub.db.tenant.findUnique({ where: { id: tenant.tenantId } })).toMatchObject({ isolation: "process" });
  });
});

describe("authenticateRequest", () => {
  const url = "/api/tenant/v1/heartbeat";
  const ask = (headers: Record<string, string>, body = "{}", method = "POST") =>
    authenticateRequest({ ctx: hub.ctx, input: { method, url, headers, body: Buffer.from(body) } });

  it("knows a tenant by its signature, and refuses a changed, stale, foreign or cancelled one", async () => {
    const mine = await hub.world.addTenant(await hub.world.addCustomer());
    const headers = hub.world.sign(mine, { method: "POST", url, body: "{}" });
    expect(await ask(headers)).toEqual({ kind: "tenantAgent", tenantId: mine.tenantId });
    const refused = { code: "unauthenticated", publicMessage: "The request's signature was not accepted." };
    await expect(ask(headers, '{"more":1}')).rejects.toMatchObject(refused);
    await expect(ask(headers, "{}", "PUT")).rejects.toMatchObject(refused);
    await expect(ask({})).rejects.toMatchObject(refused);
    const { privateKey } = generateSigningKey();
    const forged = signRequest({
      method: "POST",
      url,
      body: "{}",
      keyId: mine.keyId,
      privateKey,
      clock: hub.ctx.clock,
    });
    await expect(ask(forged)).rejects.toMatchObject(refused);
    await hub.db.order.update({ where: { id: mine.orderId }, data: { state: "CANCELLED" } });
    await expect(ask(headers)).rejects.toMatchObject(refused);
    await hub.db.order.update({ where: { id: mine.orderId }, data: { state: "ACTIVE" } });
    hub.ctx.clock.advance(301_000);
    await expect(ask(headers)).rejects.toMatchObject(refused);
  });
});
