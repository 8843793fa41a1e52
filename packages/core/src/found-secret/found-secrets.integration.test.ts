import {
  CommandKind,
  commandJwsType,
  type FoundSecretId,
  type ReportFoundSecretInput,
  type ReportFoundSecretOutcomeInput,
} from "@berth/contracts";
import { isoOf, verifyJws } from "@berth/platform";
import type { WorldCustomer, WorldTenant } from "@berth/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { listCommands } from "../command/list-commands.ts";
import { listSecretNames, recordSecretNames } from "../secret-name/index.ts";
import { as, customerActor, openTestHub, type TestCtx, type TestHub } from "../testing/index.ts";
import {
  dismissFoundSecret,
  expireFoundSecrets,
  keepFoundSecret,
  listFoundSecrets,
  recordFoundOutcome,
  recordFoundSecret,
} from "./index.ts";

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
const at = () => isoOf(hub.ctx.clock.now());
async function report(): Promise<ReportFoundSecretInput> {
  const input: ReportFoundSecretInput = {
    id: hub.ctx.ids.next("fnd"),
    rule: "github-token",
    vendor: "GitHub",
    what: "personal access token",
    seenIn: { kind: "tool", tool: "file" },
    agent: "main",
    sessionKey: "agent:main:main",
    length: 40,
    suggestedName: "github_token",
    foundAt: at(),
    expiresAt: isoOf(hub.ctx.clock.now() + 24 * hourMs),
  };
  await recordFoundSecret({ ctx: agent, input });
  return input;
}
const keep = (foundId: FoundSecretId, name = "github", ctx = person) =>
  keepFoundSecret({ ctx, input: { foundId, name } });
const dismiss = (foundId: FoundSecretId, ctx = person) => dismissFoundSecret({ ctx, input: { foundId } });
const tell = (foundId: FoundSecretId, outcome: ReportFoundSecretOutcomeInput, ctx = agent) =>
  recordFoundOutcome({ ctx, input: { foundId, outcome } });
const expire = () => expireFoundSecrets({ ctx: as(hub.ctx, { kind: "system", job: "sweep" }) });
const list = (show?: "open" | "settled", ctx = person) =>
  listFoundSecrets({ ctx, input: { tenantId: tenant.tenantId, limit: 50, show } });
async function read(foundId: FoundSecretId) {
  const { items } = await list();
  return items.find(({ id }) => id === foundId);
}
async function words() {
  const { commands } = await listCommands({ ctx: agent, input: { after: 0 } });
  const keys = hub.ctx.deps.hubKeys.all;
  return Promise.all(
    commands.map(async ({ kind, jws }) => ({
      kind,
      payload: await verifyJws({ jws, typ: commandJwsType[CommandKind.parse(kind)], keys }),
    })),
  );
}
const auditOf = async (entityId: string) =>
  (await hub.db.auditEvent.findMany({ where: { entityId }, orderBy: { position: "asc" } })).map((row) => row.action);

describe("a report", () => {
  it("is kept once, however often it is sent, and offered to the customer", async () => {
    const input = await report();
    await Promise.all([1, 2, 3].map(() => recordFoundSecret({ ctx: agent, input })));
    expect(await auditOf(input.id)).toEqual(["found_secret.reported"]);
    expect((await list("open")).items).toEqual([
      expect.objectContaining({ ...input, state: "waiting", name: null, problem: null }),
    ]);
    expect((await list("settled")).items).toEqual([]);
  });

  it("under an id of another tenant's is not found, and changes nothing there", async () => {
    const input = await report();
    const other = await hub.world.addTenant(await hub.world.addCustomer());
    const ctx = as(hub.ctx, { kind: "tenantAgent", tenantId: other.tenantId });
    const strange = recordFoundSecret({ ctx, input: { ...input, vendor: "somebody else's" } });
    await expect(strange).rejects.toMatchObject({ code: "not_found" });
    await expect(tell(input.id, { kind: "dismissed", at: at() }, ctx)).rejects.toMatchObject({ code: "not_found" });
    expect(await read(input.id)).toMatchObject({ vendor: "GitHub", state: "waiting" });
  });
});

describe("a wish to keep", () => {
  it("goes down signed with a name and without any binding, and it is kept when the server says so", async () => {
    const { id } = await report();
    expect(await keep(id)).toMatchObject({ state: "keeping", name: "github", decidedBy: owner.email });
    const payload = { tenantId: tenant.tenantId, foundId: id, name: "github", decidedAt: at(), decidedBy: owner.email };
    expect(await words()).toEqual([{ kind: "secret.keep", payload }]);
    await tell(id, { kind: "kept", name: "github", at: at() });
    await tell(id, { kind: "kept", name: "github", at: at() });
    expect(await read(id)).toMatchObject({ state: "kept", name: "github", decidedBy: owner.email, settledAt: at() });
    expect(await auditOf(id)).toEqual(["found_secret.reported", "found_secret.keep_asked", "found_secret.kept"]);
  });

  it("counts once: a second person hears who was first", async () => {
    const { id } = await report();
    const settled = await Promise.allSettled([keep(id, "one"), keep(id, "two"), dismiss(id)]);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await words()).toHaveLength(1);
    await expect(dismiss(id)).rejects.toMatchObject({
      code: "conflict",
      publicMessage: expect.stringContaining(owner.email),
    });
  });

  it("is refused here for a name that the vault holds or that another one is being kept under", async () => {
    const [first, second, third] = [await report(), await report(), await report()];
    const known = { name: "stripe", owner: "customer", bound: true } as const;
    await recordSecretNames({ ctx: agent, input: { secrets: [known], at: at() } });
    await keep(first.id, "github");
    await expect(keep(second.id, "github")).rejects.toMatchObject({ code: "conflict" });
    await expect(keep(third.id, "stripe")).rejects.toMatchObject({
      code: "conflict",
      publicMessage: 'There is a secret named "stripe" already; choose another name.',
    });
    expect(await words()).toHaveLength(1);
  });

  it("that the server refuses waits again, with the reason, and can be tried under another name", async () => {
    const { id } = await report();
    await keep(id, "taken");
    await tell(id, { kind: "keep_refused", name: "taken", reason: "That name is taken.", at: at() });
    expect(await read(id)).toMatchObject({
      state: "waiting",
      name: null,
      problem: "That name is taken.",
      decidedBy: null,
    });
    expect(await keep(id, "github")).toMatchObject({ state: "keeping", problem: null });
    // The refusal once more, late: it is of another wish.
    await tell(id, { kind: "keep_refused", name: "taken", reason: "That name is taken.", at: at() });
    expect(await read(id)).toMatchObject({ state: "keeping", name: "github" });
  });

  it("is for the customer's own only, and not for staff, servers or strangers", async () => {
    const { id } = await report();
    const stranger = as(hub.ctx, customerActor(await hub.world.addCustomer()));
    for (const act of [(ctx: TestCtx) => keep(id, "github", ctx), (ctx: TestCtx) => dismiss(id, ctx)]) {
      await expect(act(stranger)).rejects.toMatchObject({ code: "not_found" });
      await expect(act(as(hub.ctx, { kind: "staff", userId: "u", email: "s@x.org" }))).rejects.toMatchObject({
        code: "forbidden",
      });
      await expect(act(agent)).rejects.toMatchObject({ code: "forbidden" });
      await expect(act(hub.ctx)).rejects.toMatchObject({ code: "unauthenticated" });
    }
    await expect(list(undefined, stranger)).rejects.toMatchObject({ code: "not_found" });
    expect(await read(id)).toMatchObject({ state: "waiting" });
    expect(await words()).toEqual([]);
  });
});

describe("a dismissal", () => {
  it("goes down signed, and is over when the server says so", async () => {
    const { id } = await report();
    expect(await dismiss(id)).toMatchObject({ state: "dismissing" });
    expect(await words()).toMatchObject([{ kind: "secret.dismiss", payload: { foundId: id } }]);
    await tell(id, { kind: "dismissed", at: at() });
    expect((await list("settled")).items).toMatchObject([{ id, state: "dismissed", name: null }]);
  });
});

describe("time", () => {
  it("ends what waits, what is being kept and what is being dismissed, and leaves younger ones alone", async () => {
    const [waiting, keeping, dismissing] = [await report(), await report(), await report()];
    await keep(keeping.id);
    await dismiss(dismissing.id);
    hub.ctx.clock.advance(23 * hourMs);
    const young = await report();
    hub.ctx.clock.advance(2 * hourMs);
    await expect(keep(waiting.id)).rejects.toMatchObject({ code: "conflict" });
    await expire();
    expect((await list("settled")).items.map(({ state }) => state)).toEqual(["expired", "expired", "expired"]);
    expect((await list("open")).items.map(({ id }) => id)).toEqual([young.id]);
  });

  it("does not take back what the server did before, and the server's word comes through after it", async () => {
    const { id } = await report();
    await keep(id);
    hub.ctx.clock.advance(25 * hourMs);
    await expire();
    await tell(id, { kind: "kept", name: "github", at: at() });
    await tell(id, { kind: "expired", at: at() });
    await expire();
    expect(await read(id)).toMatchObject({ state: "kept", name: "github" });
  });
});

it("what was settled at the server's own console is shown as that, and cannot become something else", async () => {
  const { id } = await report();
  await tell(id, { kind: "kept", name: "by_hand", at: at() });
  expect(await read(id)).toMatchObject({ state: "kept", name: "by_hand", decidedBy: "server" });
  await expect(tell(id, { kind: "kept", name: "other", at: at() })).rejects.toMatchObject({ code: "conflict" });
  await expect(tell(id, { kind: "dismissed", at: at() })).rejects.toMatchObject({ code: "conflict" });
});

it("the names of a vault are the newest list that its server gave, for its own customer only", async () => {
  const named = (name: string) => ({ name, owner: "customer" as const, bound: false });
  const input = { tenantId: tenant.tenantId };
  expect(await listSecretNames({ ctx: person, input })).toEqual({ secrets: null, at: null });
  const before = at();
  hub.ctx.clock.advance(1000);
  await recordSecretNames({ ctx: agent, input: { secrets: [named("new")], at: at() } });
  await recordSecretNames({ ctx: agent, input: { secrets: [named("old")], at: before } });
  expect(await listSecretNames({ ctx: person, input })).toEqual({ secrets: [named("new")], at: at() });
  const stranger = as(hub.ctx, customerActor(await hub.world.addCustomer()));
  await expect(listSecretNames({ ctx: stranger, input })).rejects.toMatchObject({ code: "not_found" });
});
