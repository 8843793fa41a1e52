import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AgentClient, createAgentClient } from "./agent-client.ts";
import { createSyncRedactor } from "./sync-redactor.ts";
import { type AgentDouble, startAgentDouble } from "./test-doubles/agent-double.ts";

const call = {
  toolCallId: "1",
  tool: "file",
  args: { op: "list", path: "." },
  agent: "main",
  sessionKey: "s",
  runId: null,
  origin: "person",
} as const;

describe("the line to the agent", () => {
  let agent: AgentDouble;
  let client: AgentClient;
  beforeEach(async () => {
    agent = await startAgentDouble();
    agent.secrets.set("a", "hunter2-hunter2");
    client = createAgentClient(agent.socketPath);
  });
  afterEach(() => agent.stop());

  it("gates, runs and redacts", async () => {
    expect(await client.gate(call)).toEqual({ verdict: "run" });
    expect(await client.execute(call)).toMatchObject({ ok: true });
    expect(await client.redact(["x hunter2-hunter2", "y"])).toEqual(["x SECRET_REF(a)", "y"]);
    await client.checkIn({ version: "1", openclawVersion: "2", pid: 1, tools: [], usage: [] });
    expect(agent.checkIns).toHaveLength(1);
  });

  it("throws on every answer that is not the contract's", async () => {
    await expect(client.gate({ ...call, toolCallId: "x".repeat(201) })).rejects.toThrow("500");
    await agent.pause();
    await expect(client.gate(call)).rejects.toThrow();
    await expect(client.execute(call)).rejects.toThrow();
    await expect(client.redact(["a"])).rejects.toThrow();
  });
});

describe("the synchronous redactor", () => {
  // Its success is shown in the gateway, where the agent lives in another process: this thread cannot answer itself.
  it("throws, again and again, when nobody listens", () => {
    const redactor = createSyncRedactor("/nonexistent/agent.sock", 300);
    expect(redactor.redact([])).toEqual([]);
    expect(() => redactor.redact(["text"])).toThrow("the redactor failed");
    expect(() => redactor.redact(["text"])).toThrow("the redactor failed");
    redactor.close();
  });
});
