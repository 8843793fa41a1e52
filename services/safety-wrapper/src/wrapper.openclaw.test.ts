import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BerthTool } from "@berth/contracts";
import { untilTrue } from "@berth/platform";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { harmlessNativeTools } from "./floor.ts";
import { startWorld, type World } from "./test-doubles/world.ts";

const run = (command: string) => ({ tool: "run_command", args: { command } });
const secret = "correct-horse-battery-staple";

describe("the wrapper in the real gateway", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    world.agent.secrets.set("crm_token", secret);
    world.agent.output = (call) => `out of ${JSON.stringify(call.args)}`;
  });
  afterAll(() => world?.stop());

  it("shows the model exactly the closed list of tools, with their schemas", async () => {
    const [request] = await world.converse({ turns: [] });
    const names = request?.tools?.map((tool) => tool.name).sort();
    expect(names).toEqual([...BerthTool.options, ...harmlessNativeTools].sort());
    const schedule = request?.tools?.find((tool) => tool.name === "schedule");
    expect(schedule?.input_schema).toMatchObject({ type: "object", required: ["op"], additionalProperties: false });
    expect(JSON.stringify(request?.system)).toContain("SECRET_REF(name)");
  });

  it("makes no LLM call that nobody asked for", async () => {
    const before = world.proxy.requests.length;
    const requests = await world.converse({ turns: [] });
    expect(requests.every((request) => request.tools !== undefined)).toBe(true);
    expect(world.proxy.requests.length).toBe(before + 1);
  });

  it("runs a green call once and gives the model its result redacted", async () => {
    world.agent.output = () => `the token is ${secret}.`;
    const executed = world.agent.executed.length;
    const requests = await world.converse({ turns: [run("cat crm.txt")] });
    expect(JSON.stringify(requests.at(-1)?.messages)).toContain("the token is SECRET_REF(crm_token).");
    expect(JSON.stringify(requests)).not.toContain(secret);
    expect(world.agent.executed.slice(executed)).toMatchObject([
      { tool: "run_command", args: { command: "cat crm.txt" }, agent: "main", origin: "person" },
    ]);
  });

  it("parks a command that holds a secret, however harmless the rest", async () => {
    const executed = world.agent.executed.length;
    const requests = await world.converse({ turns: [run("echo SECRET_REF(crm_token)")] });
    expect(JSON.stringify(requests.at(-1)?.messages)).toContain("Parked as apr_");
    expect(world.agent.executed.length).toBe(executed);
  });

  it("blocks a red call with the agent's words and does not run it", async () => {
    const executed = world.agent.executed.length;
    const requests = await world.converse({ turns: [run("rm notes.md")] });
    expect(JSON.stringify(requests.at(-1)?.messages)).toContain("Parked as apr_");
    expect(world.agent.gated.at(-1)?.args).toEqual({ command: "rm notes.md" });
    expect(world.agent.executed.length).toBe(executed);
  });

  it("stores neither a result's secret nor one that a person typed", async () => {
    world.agent.output = () => `again ${secret}`;
    await world.converse({ text: `use ${secret} please`, turns: [run("echo stored")] });
    const history = JSON.stringify(await world.rpc.call("chat.history", { sessionKey: "agent:main:main", limit: 50 }));
    expect(history).toContain("use SECRET_REF(crm_token) please");
    expect(history).toContain("again SECRET_REF(crm_token)");
    expect(history).not.toContain(secret);
    expect(filesHolding(world.gateway.stateDir, "use SECRET_REF(crm_token)")).not.toEqual([]);
    expect(filesHolding(world.gateway.stateDir, secret)).toEqual([]);
    expect(world.gateway.output()).not.toContain(secret);
  });

  it("refuses the gate's probe by itself with the nonce, and lets its twin through", async () => {
    const gated = world.agent.gated.length;
    const probe = await world.invoke("run_command", { command: "berth-gate-probe 0123456789abcdef" });
    expect(probe.status).toBe(403);
    expect(probe.text).toContain("gate-probe-refused 0123456789abcdef");
    expect(world.agent.gated.length).toBe(gated);
    const twin = await world.invoke("run_command", { command: "echo berth-gate-twin-0123456789abcdef" });
    expect(twin.status).toBe(200);
    expect(world.agent.gated.at(-1)).toMatchObject({ origin: "probe", sessionKey: "agent:main:main" });
  });

  it("refuses the probe in a model's turn too", async () => {
    const requests = await world.converse({ turns: [run("berth-gate-probe fedcba9876543210")] });
    expect(JSON.stringify(requests.at(-1)?.messages)).toContain("gate-probe-refused fedcba9876543210");
  });

  it.each(["exec", "write", "read", "process", "message", "sessions_spawn", "gateway", "cron"])(
    "does not reach the native tool %s",
    async (tool) => {
      const answer = await world.invoke(tool, {});
      expect([403, 404]).toContain(answer.status);
      const requests = await world.converse({ turns: [{ tool, args: { command: "touch /tmp/x", path: "x" } }] });
      expect(JSON.stringify(requests.at(-1)?.messages)).toMatch(/not (?:found|available)|unknown tool/i);
    },
  );

  it("tells the agent when a cron run makes the call", async () => {
    const job = (await world.rpc.call("cron.add", {
      name: "nightly",
      schedule: { kind: "every", everyMs: 3_600_000 },
      sessionTarget: "isolated",
      wakeMode: "now",
      payload: { kind: "agentTurn", message: "do it" },
      delivery: { mode: "none" },
    })) as { id: string };
    const before = world.proxy.requests.length;
    world.proxy.turns.push(run("echo from-cron"));
    await world.rpc.call("cron.run", { id: job.id, mode: "force" });
    await untilTrue(() => world.agent.gated.at(-1)?.args.command === "echo from-cron", { timeoutMs: 30_000 });
    await untilTrue(() => world.proxy.requests.length === before + 2, { timeoutMs: 30_000 });
    expect(world.agent.gated.at(-1)).toMatchObject({ origin: "cron", agent: "main" });
    expect(world.agent.gated.at(-1)?.sessionKey).toMatch(/^agent:main:cron:/);
  });

  it("tells the agent when a sub-agent makes the call", async () => {
    await world.converse({
      turns: [run("echo from-below")],
      sessionKey: "agent:main:subagent:0a0b0c0d-0000-4000-8000-000000000001",
    });
    expect(world.agent.gated.at(-1)).toMatchObject({ args: { command: "echo from-below" }, origin: "sub_agent" });
  });

  it("sends the gateway's own token counts with its check-ins, each once", async () => {
    const counted = () =>
      sum(world.agent.checkIns.flatMap((checkIn) => checkIn.usage).filter((bucket) => bucket.kind === "output"));
    await untilTrue(() => counted() >= world.proxy.requests.length * 34, { timeoutMs: 20_000, what: "the counts" });
    expect(counted()).toBe(world.proxy.requests.length * 34);
    expect(world.agent.checkIns.at(-1)).toMatchObject({ openclawVersion: "2026.9.6", pid: world.gateway.pid });
  });

  it("comes back at once when the presence line breaks, with one line only", async () => {
    world.proxy.dropPresence();
    await untilTrue(() => world.proxy.presence() === 0, { timeoutMs: 5000, intervalMs: 5 }).catch(() => {});
    await untilTrue(() => world.proxy.presence() === 1, { timeoutMs: 5000 });
    const [request] = await world.converse({ turns: [] });
    expect(request).toBeDefined();
    expect(world.proxy.presence()).toBe(1);
  });

  it("blocks every call and stores no text while the agent's socket is down, and recovers", async () => {
    const executed = world.agent.executed.length;
    await world.agent.pause();
    const requests = await world.converse({
      text: `hidden ${secret}`,
      turns: [run("ls"), { tool: "file", args: { op: "read", path: "a" } }],
    });
    const heard = JSON.stringify(requests.at(-1)?.messages);
    expect(heard.match(/Blocked: the safety gate cannot be reached/g)?.length).toBe(2);
    expect((await world.invoke("run_command", { command: "ls" })).status).toBe(403);
    expect(filesHolding(world.gateway.stateDir, secret)).toEqual([]);
    await untilTrue(async () => (await world.invoke("sessions_list", {})).status === 403, { timeoutMs: 20_000 });
    await world.agent.resume();
    expect(world.agent.executed.length).toBe(executed);
    await untilTrue(async () => (await world.invoke("sessions_list", {})).status === 200, { timeoutMs: 20_000 });
    expect((await world.invoke("run_command", { command: "ls" })).status).toBe(200);
  });
});

const sum = (buckets: { tokens: number }[]): number => buckets.reduce((total, bucket) => total + bucket.tokens, 0);

/** Files below `dir` that hold the text, in plain or base64. */
function filesHolding(dir: string, text: string): string[] {
  const needles = [Buffer.from(text), Buffer.from(Buffer.from(text).toString("base64"))];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const content = readFileSync(file);
      return needles.some((needle) => content.includes(needle));
    });
}
