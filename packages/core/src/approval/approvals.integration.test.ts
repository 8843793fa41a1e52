import { ApprovalDecision, type ApprovalId, type ReportApprovalInput } from "@berth/contracts";
import { argumentsSha256, isoOf, ManualClock, verifyJws } from "@berth/platform";
import type { WorldCustomer, WorldTenant } from "@berth/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { listCommands } from "../command/list-commands.ts";
import { as, customerActor, openTestHub, type TestCtx, type TestHub } from "../testing/index.ts";
import { decideApproval } from "./decide.ts";
import { expireApprovals } from "./expire-approvals.ts";
import { getApproval } from "./get-approval.ts";
import { listApprovals } from "./list-approvals.ts";
import { recordOutcome } from "./record-outcome.ts";
import { recordRequest } from "./record-request.ts";

let hub: TestHub;
let owner: WorldCustomer;
let tenant: WorldTenant;
let agent: TestCtx;
let person: TestCtx;
beforeAll(async () => {
  hub = await openTestHub(inject("postgresUrl"));
});
afterAll(() => hub.close());
beforeEach(async () => {
  owner = await hub.world.addCustomer();
  tenant = await hub.world.addTenant(owner);
  agent = as(hub.ctx, { kind: "tenantAgent", tenantId: tenant.tenantId });
  person = as(hub.ctx, customerActor(owner));
});

const hourMs = 3_600_000;
const inputOf = (args: Record<string, string>, id = hub.ctx.ids.next("apr")): ReportApprovalInput => ({
  id,
  agent: "main",
  sessionKey: "agent:main:main",
  tool: "run_command",
  argumentsRedacted: args,
  argumentsSha256: argumentsSha256(args),
  actClass: "red",
  rules: ["command.delete"],
  reason: "deletes files",
  blastRadius: "the folder build",
  reversible: false,
  secretNames: [],
  createdAt: isoOf(hub.ctx.clock.now()),
  expiresAt: isoOf(hub.ctx.clock.now() + 24 * hourMs),
});
async function request(args: Record<string, string> = { command: "rm -r build" }): Promise<ReportApprovalInput> {
  const input = inputOf(args);
  await recordRequest({ ctx: agent, input });
  return input;
}
const read = (approvalId: ApprovalId) => getApproval({ ctx: person, input: { approvalId } });
async function decisions(): Promise<ApprovalDecision[]> {
  const { commands } = await listCommands({ ctx: agent, input: { after: 0 } });
  const keys = hub.ctx.deps.hubKeys.all;
  return Promise.all(
    commands.map(async ({ jws }) => ApprovalDecision.parse(await verifyJws({ jws, typ: "berth-decision+jws", keys }))),
  );
}
const eventsOf = async (entityId: string) =>
  (await hub.db.auditEvent.findMany({ where: { entityId }, orderBy: { position: "asc" } })).map((row) => row.action);

describe("a request", () => {
  it("is kept once, however often it is sent, and tells people once", async () => {
    const input = await request();
    await Promise.all([1, 2, 3].map(() => recordRequest({ ctx: agent, input })));
    expect(await eventsOf(input.id)).toEqual(["approval.requested"]);
    const jobs = await hub.db.outboxMessage.findMany({ where: { job: "approval.notify" } });
    expect(jobs.filter((job) => (job.payload as { approvalId: string }).approvalId === input.id)).toHaveLength(1);
    expect(await read(input.id)).toMatchObject({ ...input, state: "pending", execution: null });
  });

  it("with other arguments under the same id is a conflict, and another tenant's id is not found", async () => {
    const input = await request();
    const other = { ...inputOf({ command: "rm -r src" }), id: input.id };
    await expect(recordRequest({ ctx: agent, input: other })).rejects.toMatchObject({ code: "conflict" });
    const stranger = await hub.world.addTenant(await hub.world.addCustomer());
    const strange = as(hub.ctx, { kind: "tenantAgent", tenantId: stranger.tenantId });
    await expect(recordRequest({ ctx: strange, input })).rejects.toMatchObject({ code: "not_found" });
  });

  it("may hold characters that the database cannot store; people see them marked and the hash stays exact", async () => {
    const input = { ...inputOf({ command: "printf '\u0000'" }), reason: "half a \ud800" };
    await recordRequest({ ctx: agent, input });
    expect(await read(input.id)).toMatchObject({
      argumentsRedacted: { command: "printf '\u2400'" },
      argumentsSha256: input.argumentsSha256,
      reason: "half a \ufffd",
    });
  });
});

describe("a decision", () => {
  it("sends a signed grant for exactly these arguments, keeps only their hash, and is audited", async () => {
    const input = await request();
    const decided = await decideApproval({
      ctx: person,
      input: { approvalId: input.id, decision: "approved", note: "go on" },
    });
    expect(decided).toMatchObject({
      state: "approved",
      decidedBy: owner.email,
      note: "go on",
      argumentsRedacted: null,
    });
    expect(decided.argumentsSha256).toBe(input.argumentsSha256);
    expect(await decisions()).toMatchObject([
      {
        tenantId: tenant.tenantId,
        approvalId: input.id,
        argumentsSha256: input.argumentsSha256,
        outcome: "approved",
        note: "go on",
        expiresAt: input.expiresAt,
      },
    ]);
    expect(await eventsOf(input.id)).toEqual(["approval.requested", "approval.approved"]);
  });

  it("counts once: the second one hears who was first and when, whatever it said", async () => {
    const input = await request();
    const decide = (decision: "approved" | "denied") =>
      decideApproval({ ctx: person, input: { approvalId: input.id, decision } });
    const settled = await Promise.allSettled([decide("denied"), decide("denied"), decide("denied")]);
    expect(settled.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    await expect(decide("approved")).rejects.toMatchObject({
      code: "conflict",
      publicMessage: `Already denied by ${owner.email} at ${isoOf(hub.ctx.clock.now())}.`,
    });
    expect(await decisions()).toMatchObject([{ outcome: "denied" }]);
  });

  it("is for the customer's own approvals only, and not for staff or servers", async () => {
    const input = await request();
    const stranger = as(hub.ctx, customerActor(await hub.world.addCustomer()));
    const decide = (ctx: TestCtx) => decideApproval({ ctx, input: { approvalId: input.id, decision: "approved" } });
    await expect(decide(stranger)).rejects.toMatchObject({ code: "not_found" });
    await expect(decide(as(hub.ctx, { kind: "staff", userId: "u", email: "s@example.com" }))).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(decide(agent)).rejects.toMatchObject({ code: "forbidden" });
    await expect(decide(hub.ctx)).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await read(input.id)).toMatchObject({ state: "pending" });
  });

  it("and the end of its time cannot both count: one of them does, and only its word goes down", async () => {
    for (const decision of ["approved", "denied", "approved", "denied"] as const) {
      const input = await request({ command: `rm ${hub.ctx.ids.next("arg")}` });
      const itsEnd = new ManualClock(Date.parse(input.expiresAt));
      const sweep = { ...as(hub.ctx, { kind: "system", job: "sweep" }), clock: itsEnd };
      const [decided] = await Promise.allSettled([
        decideApproval({ ctx: person, input: { approvalId: input.id, decision } }),
        expireApprovals({ ctx: sweep }),
      ]);
      const { state } = await read(input.id);
      expect(state).toBe(decided.status === "fulfilled" ? decision : "expired");
      const words = (await decisions()).filter((one) => one.approvalId === input.id);
      expect(words.map((one) => one.outcome)).toEqual([state]);
      expect((await eventsOf(input.id)).filter((action) => action !== "approval.requested")).toEqual([
        `approval.${state}`,
      ]);
    }
  });

  it.each(["superseded", "cancelled", "expired"] as const)(
    "is refused after the server called it %s",
    async (state) => {
      const input = await request();
      const closed = { kind: "closed", state, closedAt: isoOf(hub.ctx.clock.now()) } as const;
      await recordOutcome({ ctx: agent, input: { approvalId: input.id, outcome: closed } });
      const late = decideApproval({ ctx: person, input: { approvalId: input.id, decision: "approved" } });
      await expect(late).rejects.toMatchObject({
        code: "conflict",
        publicMessage: expect.stringContaining(`Already ${state}`),
      });
      expect(await decisions()).toEqual([]);
      expect(await read(input.id)).toMatchObject({ state, argumentsRedacted: null });
    },
  );

  it("comes too late once the time has run out, even before the sweep has seen it", async () => {
    const input = await request();
    hub.ctx.clock.advance(25 * hourMs);
    const late = decideApproval({ ctx: person, input: { approvalId: input.id, decision: "approved" } });
    await expect(late).rejects.toMatchObject({ code: "conflict" });
    expect(await decisions()).toEqual([]);
  });
});

describe("the sweep", () => {
  it("expires what ran out of time, says so to the server, and leaves the rest alone", async () => {
    const old = await request();
    hub.ctx.clock.advance(23 * hourMs);
    const young = await request({ command: "rm -r src" });
    hub.ctx.clock.advance(2 * hourMs);
    await expireApprovals({ ctx: as(hub.ctx, { kind: "system", job: "sweep" }) });
    expect(await read(old.id)).toMatchObject({ state: "expired", argumentsRedacted: null });
    expect(await read(young.id)).toMatchObject({ state: "pending" });
    const [decision] = await decisions();
    expect(decision).toMatchObject({ approvalId: old.id, outcome: "expired" });
    expect(Date.parse(decision?.expiresAt ?? "")).toBeGreaterThan(hub.ctx.clock.now());
  });
});

describe("an outcome", () => {
  const at = () => isoOf(hub.ctx.clock.now());
  const executed = (approvalId: ApprovalId, execution: "succeeded" | "failed" = "succeeded") =>
    recordOutcome({ ctx: agent, input: { approvalId, outcome: { kind: "executed", execution, executedAt: at() } } });

  it("is kept once for an approved call, and may not change", async () => {
    const { id } = await request();
    await decideApproval({ ctx: person, input: { approvalId: id, decision: "approved" } });
    await executed(id);
    await executed(id);
    await expect(executed(id, "failed")).rejects.toMatchObject({ code: "conflict" });
    expect(await read(id)).toMatchObject({ state: "approved", execution: "succeeded" });
    expect(await eventsOf(id)).toEqual(["approval.requested", "approval.approved", "approval.executed"]);
  });

  it("is refused for a call that nobody approved, and for another tenant's", async () => {
    const { id } = await request();
    await expect(executed(id)).rejects.toMatchObject({ code: "conflict" });
    const stranger = await hub.world.addTenant(await hub.world.addCustomer());
    const ctx = as(hub.ctx, { kind: "tenantAgent", tenantId: stranger.tenantId });
    const outcome = { kind: "closed", state: "cancelled", closedAt: at() } as const;
    await expect(recordOutcome({ ctx, input: { approvalId: id, outcome } })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("closes a pending one that the server gave up, and marks an approved one that came too late as not run", async () => {
    const replaced = await request();
    const superseded = { kind: "closed", state: "superseded", closedAt: at() } as const;
    await recordOutcome({ ctx: agent, input: { approvalId: replaced.id, outcome: superseded } });
    expect(await read(replaced.id)).toMatchObject({
      state: "superseded",
      argumentsRedacted: null,
      decidedBy: "server",
    });
    const late = await request();
    await decideApproval({ ctx: person, input: { approvalId: late.id, decision: "approved" } });
    const expired = { kind: "closed", state: "expired", closedAt: at() } as const;
    await recordOutcome({ ctx: agent, input: { approvalId: late.id, outcome: expired } });
    expect(await read(late.id)).toMatchObject({ state: "approved", execution: "failed" });
  });
});

it("lists an own tenant's approvals page by page, newest first, and nobody else's", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1) ids.unshift((await request({ command: `rm ${n}` })).id);
  const { tenantId } = tenant;
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listApprovals({ ctx: person, input: { tenantId, limit: 2, ...(cursor ? { cursor } : {}) } });
    seen.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(seen).toEqual(ids);
  const denied = await listApprovals({ ctx: person, input: { tenantId, limit: 50, state: "denied" } });
  expect(denied.items).toEqual([]);
  const stranger = as(hub.ctx, customerActor(await hub.world.addCustomer()));
  await expect(listApprovals({ ctx: stranger, input: { tenantId, limit: 50 } })).rejects.toMatchObject({
    code: "not_found",
  });
});
