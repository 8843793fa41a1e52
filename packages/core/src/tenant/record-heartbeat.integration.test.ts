import type { HeartbeatInput } from "@berth/contracts";
import { isoOf } from "@berth/platform";
import type { WorldTenant } from "@berth/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { as, openTestHub, type TestHub } from "../testing/index.ts";
import { presentTenant } from "./present-tenant.ts";
import { recordHeartbeat } from "./record-heartbeat.ts";

let hub: TestHub;
let tenant: WorldTenant;
beforeAll(async () => {
  hub = await openTestHub(inject("postgresUrl"));
});
afterAll(() => hub.close());
beforeEach(async () => {
  tenant = await hub.world.addTenant(await hub.world.addCustomer(), { orderState: "REGISTERED" });
});

function beat(verified: boolean, more: Partial<HeartbeatInput> = {}) {
  const at = isoOf(hub.ctx.clock.now());
  const input: HeartbeatInput = {
    sentAt: at,
    bootId: "boot-1",
    versions: { agent: "1.0.0", egressProxy: "1", safetyWrapper: "1", openclaw: "2026.9.6", node: "24" },
    load: { load1: 0.5, memoryUsedMb: 700, memoryTotalMb: 4096, diskFreeMb: 30_000 },
    gate: { verified, reason: verified ? null : "the probe was not refused", testedAt: at },
    policyVersion: 1,
    budget: { tokensUsedThisMonth: 5, tokensPerMonth: null },
    openApprovals: 0,
    ...more,
  };
  return recordHeartbeat({ ctx: as(hub.ctx, { kind: "tenantAgent", tenantId: tenant.tenantId }), input });
}
const row = () => hub.db.tenant.findUniqueOrThrow({ where: { id: tenant.tenantId } });
const advances = async () =>
  (await hub.db.outboxMessage.findMany({ where: { job: "order.advance" } })).filter(
    (job) => (job.payload as { orderId: string }).orderId === tenant.orderId,
  ).length;

describe("recordHeartbeat", () => {
  it("calls a tenant degraded whose gate is not verified, and does not move its order on", async () => {
    expect(await beat(false)).toMatchObject({ heartbeatIntervalMs: 30_000, lastCommandSeq: 0 });
    expect(await row()).toMatchObject({ health: "degraded", gateVerifiedAt: null, policyVersion: 1 });
    expect(await advances()).toBe(0);
  });

  it("moves a waiting order on at its first verified heartbeat, and an active one never", async () => {
    await beat(true);
    expect(await row()).toMatchObject({ health: "healthy", bootId: "boot-1" });
    expect(await advances()).toBe(1);
    await hub.db.order.update({ where: { id: tenant.orderId }, data: { state: "ACTIVE" } });
    await beat(true);
    await beat(false);
    expect(await advances()).toBe(1);
    expect(await row()).toMatchObject({ health: "degraded" });
  });

  it("raises what the egress proxy refused: stored at once, audited once an hour, and never for an old total", async () => {
    const refused = (refusedTotal: number, host: string) => {
      const lastAt = isoOf(hub.ctx.clock.now());
      return beat(true, {
        egress: {
          refusedTotal,
          recent: [{ host, client: "executor", reason: "not_listed", count: refusedTotal, lastAt }],
        },
      });
    };
    const audited = async () =>
      (await hub.db.auditEvent.findMany({ where: { entityId: tenant.tenantId }, orderBy: { id: "asc" } })).filter(
        ({ action }) => action === "tenant.egress_refused",
      );
    await refused(1, "evil.example");
    await refused(2, "worse.example");
    expect(await audited()).toMatchObject([{ details: { refusedTotal: 1, hosts: [{ host: "evil.example" }] } }]);
    expect(await row()).toMatchObject({ egress: { refusedTotal: 2, recent: [{ host: "worse.example" }] } });
    hub.ctx.clock.advance(3_600_000);
    await refused(2, "worse.example");
    expect(await audited()).toHaveLength(1);
    await refused(3, "worst.example");
    await beat(true, { egress: null });
    expect(await audited()).toHaveLength(2);
    expect(await row()).toMatchObject({ egress: { refusedTotal: 3 } });
    expect(
      presentTenant(await hub.db.tenant.findUniqueOrThrow({ where: { id: tenant.tenantId }, include: { order: true } }))
        .egress?.refusedTotal,
    ).toBe(3);
  });

  it("keeps the state of the disk, also when a heartbeat does not say it", async () => {
    const disk = { state: "full", freeMb: 0, since: isoOf(hub.ctx.clock.now()) } as const;
    await beat(false, { disk });
    await beat(false);
    expect(await row()).toMatchObject({ disk });
  });

  it("keeps when the gate was verified first", async () => {
    await beat(true);
    const first = (await row()).gateVerifiedAt;
    hub.ctx.clock.advance(60_000);
    await beat(true);
    expect((await row()).gateVerifiedAt).toEqual(first);
  });
});
