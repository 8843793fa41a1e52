import { missingRequirements } from "@berth/cloud";
import { untilTrue } from "@berth/platform";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decide, listApprovals, untilAsked, untilExecuted } from "./approvals.ts";
import { openChat, repeats, tool, untilHealthy } from "./chat-and-approve.ts";
import { openConsole } from "./customer-console.ts";
import { signIn } from "./sign-up.ts";
import { createKiller, serverOf } from "./testing/killer.ts";
import { readTenant } from "./usage.ts";
import { type Walked, walk } from "./walk.ts";
import { startWalkStack, type WalkStack } from "./walk-stack.ts";

const missing = missingRequirements();
if (missing.length > 0 && process.env.BERTH_TEST_REQUIRE === "all") throw new Error(missing.join(" "));
const say = (line: string) => process.env.BERTH_TEST_VERBOSE && process.stdout.write(`${line}\n`);

const everyKill = [
  "hub: right after the payment",
  "worker: as the server is ordered",
  "worker: as provisioning starts",
  "worker: while provisioning waits for the gateway",
  "realtime: between question and answer",
  "openclaw: in the middle of a turn",
  "berth-egress: in the middle of a model's answer",
  "berth-agent: with a call parked",
  "hub: right before the decision",
  "hub: right after the decision",
  "openclaw: with a decision on its way",
  "realtime: as the outcome is told",
  "berth-agent: in the middle of a turn",
  "worker: while usage is reported",
];

describe.skipIf(missing.length > 0)("kill -9 in the middle of the way", () => {
  let walkStack: WalkStack;
  let walked: Walked;

  const firstRow = async (sql: string): Promise<unknown> => {
    const client = new pg.Client({ connectionString: walkStack.stack.databaseUrl });
    await client.connect();
    try {
      return (await client.query(sql)).rows[0];
    } finally {
      await client.end();
    }
  };

  beforeAll(async () => {
    walkStack = await startWalkStack({ mode: "machine", say, llmPieceDelayMs: 60 });
  });
  afterAll(() => walkStack?.end(process.env.BERTH_TEST_KEEP === "1"));

  test("hub, worker, realtime, agent, gateway and proxy die again and again; it ends well, once", async () => {
    const { stack, options } = walkStack;
    const { interlude, killed } = createKiller(walkStack);
    walked = await walk({ stack, options, say }, interlude);
    expect(killed).toEqual(everyKill);
    expect(walked.result).toMatchObject({
      ok: true,
      secretsFoundOutside: 0,
      serversCreated: 1,
      approvalExecutions: 1,
      meterTokensDelta: 0,
    });
    const counted = await firstRow(`select (select count(*)::int from "Order") as orders,
      (select count(*)::int from "Server") as servers, (select count(*)::int from "Tenant") as tenants,
      (select count(*)::int from "ApprovalRequest") as approvals,
      (select count(*)::int from "AuditEvent" where action = 'approval.executed') as executions`);
    expect(counted).toEqual({ orders: 1, servers: 1, tenants: 1, approvals: 2, executions: 1 });
  }, 600_000);

  test("each token was billed once; of a call that was cut, what was seen of it", () => {
    const { provider, hub, stripe, cut } = walked.bill;
    expect(stripe).toBe(hub);
    expect(cut.calls).toBeGreaterThan(0);
    expect(Math.abs(provider - hub)).toBeLessThanOrEqual(cut.tokens);
  });

  test("an agent that dies while an approved command runs reports it as failed, and never runs it again", async () => {
    const { addresses, labDir } = walkStack.stack;
    const server = await serverOf(walkStack);
    const portal = await signIn(addresses, walked.customer);
    const { id: tenantId } = await readTenant(addresses, portal);
    const known = new Set((await listApprovals(addresses, portal, tenantId)).map(({ id }) => id));
    const command = "rm -f nothing-here; echo begun >> interrupted.log; sleep 30; echo ended >> interrupted.log";
    const log = async () => (await server.shell("cat /workspace/interrupted.log 2>/dev/null || true")).split("\n");
    const chat = openChat(addresses, portal, tenantId);
    try {
      await untilHealthy(addresses, portal);
      await chat.say(tool("run_command", { command }));
      const asked = await untilAsked(addresses, portal, tenantId, known);
      await decide(addresses, portal, asked.id, "approved");
      await untilTrue(async () => (await log()).includes("begun"), { timeoutMs: 60_000, what: "The command" });
      await server.kill9("berth-agent");
      const ended = await untilExecuted(addresses, portal, asked.id);
      expect(ended).toMatchObject({ state: "approved", execution: "failed" });
      const told = repeats(`The customer approved ${asked.id}`, "was interrupted while it ran");
      await chat.untilMessage(told, 120_000, "The agent's report");
      await server.kill9("berth-agent");
      await untilHealthy(addresses, portal);
      expect(await log()).toEqual(["begun", ""]);
      expect((await openConsole("machine", labDir)).serverNames).toHaveLength(1);
    } finally {
      chat.close();
    }
  }, 300_000);
});
