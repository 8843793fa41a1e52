import { PolicyBundle } from "@berth/contracts";
import { verifyJws } from "@berth/platform";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { acknowledgeCommands } from "../command/acknowledge-commands.ts";
import { listCommands } from "../command/list-commands.ts";
import { waitingCommands } from "../command/waiting-commands.ts";
import { as, openTestHub, type TestHub } from "../testing/index.ts";
import { ensurePolicy } from "./ensure-policy.ts";
import { publishPolicy } from "./publish-policy.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub(inject("postgresUrl"));
});
afterAll(() => hub.close());
const system = () => as(hub.ctx, { kind: "system", job: "test" });

it("starts a tenant with its plan's rules, and makes them once", async () => {
  const { tenantId } = await hub.world.addTenant(await hub.world.addCustomer());
  const first = await ensurePolicy({ ctx: system(), input: { tenantId } });
  expect(first.bundle).toMatchObject({ version: 1, agents: { main: { tier: 2 } }, egress: { allowHosts: [] } });
  expect(first.bundle.agents.main?.tools).toHaveLength(6);
  expect(await ensurePolicy({ ctx: system(), input: { tenantId } })).toEqual(first);
  const signed = await verifyJws({ jws: first.jws, typ: "berth-policy+jws", keys: hub.ctx.deps.hubKeys.all });
  expect(PolicyBundle.parse(signed)).toEqual(first.bundle);
});

it("gives writers at the same moment different versions, in the order of their commands", async () => {
  const { tenantId } = await hub.world.addTenant(await hub.world.addCustomer());
  await Promise.all(
    Array.from({ length: 5 }, (_, index) =>
      publishPolicy({
        ctx: system(),
        input: { tenantId, change: { egress: { allowHosts: [`host${index}.example.com`], gatewayHosts: [] } } },
      }),
    ),
  );
  const agent = as(hub.ctx, { kind: "tenantAgent", tenantId });
  const { commands } = await listCommands({ ctx: agent, input: { after: 0 } });
  const keys = hub.ctx.deps.hubKeys.all;
  const versions = await Promise.all(
    commands.map(
      async ({ jws }) => PolicyBundle.parse(await verifyJws({ jws, typ: "berth-policy+jws", keys })).version,
    ),
  );
  expect(commands.map((command) => command.seq)).toEqual([1, 2, 3, 4, 5]);
  expect(versions).toEqual([1, 2, 3, 4, 5]);
});

it("keeps a command until it is acknowledged; an older or wilder acknowledgement takes nothing back", async () => {
  const { tenantId } = await hub.world.addTenant(await hub.world.addCustomer());
  for (let n = 0; n < 3; n += 1) await publishPolicy({ ctx: system(), input: { tenantId } });
  const agent = as(hub.ctx, { kind: "tenantAgent", tenantId });
  const waiting = async () => (await waitingCommands({ ctx: agent })).commands.map((command) => command.seq);
  await acknowledgeCommands({ ctx: agent, input: { upToSeq: 2 } });
  await acknowledgeCommands({ ctx: agent, input: { upToSeq: 1 } });
  expect(await waiting()).toEqual([3]);
  await acknowledgeCommands({ ctx: agent, input: { upToSeq: 999 } });
  expect(await waiting()).toEqual([]);
  await publishPolicy({ ctx: system(), input: { tenantId } });
  expect(await waiting()).toEqual([4]);
});

it("shows nobody the commands of another tenant", async () => {
  const mine = await hub.world.addTenant(await hub.world.addCustomer());
  const other = await hub.world.addTenant(await hub.world.addCustomer());
  await publishPolicy({ ctx: system(), input: { tenantId: mine.tenantId } });
  const agent = as(hub.ctx, { kind: "tenantAgent", tenantId: other.tenantId });
  expect((await listCommands({ ctx: agent, input: { after: 0 } })).commands).toEqual([]);
  await expect(publishPolicy({ ctx: agent, input: { tenantId: mine.tenantId } })).rejects.toMatchObject({
    code: "forbidden",
  });
});
