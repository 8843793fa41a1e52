import { appendFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { missingRequirements } from "@berth/cloud";
import { randomToken } from "@berth/platform";
import { scanSinks } from "@berth/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CustomerConsole, openConsole } from "./customer-console.ts";
import { requireNameInSinks, sinkNames, sinksOf } from "./sinks.ts";
import { serverOf } from "./testing/killer.ts";
import { walk } from "./walk.ts";
import { startWalkStack, type WalkStack } from "./walk-stack.ts";

const missing = missingRequirements();
if (missing.length > 0 && process.env.BERTH_TEST_REQUIRE === "all") throw new Error(missing.join(" "));

describe.skipIf(missing.length > 0)("one customer's whole way on a real server", () => {
  let walkStack: WalkStack;
  let console: CustomerConsole;
  const say = () => undefined;

  beforeAll(async () => {
    walkStack = await startWalkStack({ mode: "machine", say });
  }, 600_000);
  afterAll(() => walkStack?.end());

  test("from a stranger to a bill that is right to the token, and the secret is nowhere", async () => {
    const { stack, options } = walkStack;
    const { result, findings } = await walk({ stack, options, say });
    expect(findings).toEqual([]);
    expect(result).toEqual({
      ok: true,
      mode: "machine",
      steps: expect.any(Array),
      checkoutToActiveMs: expect.any(Number),
      secretsFoundOutside: 0,
      serversCreated: 1,
      approvalExecutions: 1,
      meterTokensDelta: 0,
    });
    expect(result.steps.length).toBeGreaterThan(15);
    expect(result.checkoutToActiveMs).toBeGreaterThan(0);
    console = await openConsole("machine", stack.labDir);
  }, 420_000);

  /** How a value gets into each real sink of the running stack. */
  const leaks: Record<string, (value: string) => unknown> = {
    [sinkNames.hubLogs]: (value) =>
      appendFileSync(path.join(walkStack.stack.logDir, "worker.log"), `{"level":"info","msg":"used ${value}"}\n`),
    [sinkNames.llm]: (value) => {
      const body = JSON.stringify({ messages: [{ role: "user", content: Buffer.from(value).toString("base64") }] });
      appendFileSync(walkStack.stack.llmRequestLog, `${JSON.stringify({ body })}\n`);
    },
    [sinkNames.database]: async (value) => {
      const client = new pg.Client({ connectionString: walkStack.stack.databaseUrl });
      await client.connect();
      const { rowCount } = await client
        .query(`update "ApprovalRequest" set note = $1`, [`the note says ${value}`])
        .finally(() => client.end());
      expect(rowCount).toBeGreaterThan(0);
    },
    [sinkNames.openclaw]: (value) =>
      writeFileSync(path.join(console.stateFolders()[0] ?? "", "agents/planted.jsonl"), `{"text":"${value}"}\n`),
    [sinkNames.serverLogs]: async (value) => (await serverOf(walkStack)).shell("cat > /var/log/planted.log", value),
    [sinkNames.journal]: async (value) => {
      const server = await serverOf(walkStack);
      await server.shell("systemd-cat -t planted cat && journalctl --sync", `a line with ${value}\n`);
    },
    [sinkNames.memory]: async (value) => {
      const server = await serverOf(walkStack);
      const hold =
        "const held = require('fs').readFileSync(0); console.log('held'); setInterval(() => held.length, 1000)";
      const holder = `setsid runuser -u openclaw -- /opt/node24/bin/node -e "${hold}" < /tmp/planted > /tmp/planted.out 2>&1 &`;
      await server.shell(
        `cat > /tmp/planted; chmod 644 /tmp/planted; ${holder} until grep -q held /tmp/planted.out; do sleep 0.05; done`,
        value,
      );
    },
  };

  test.each(Object.keys(leaks))("a secret that leaks into %s of the running stack is found", async (sink) => {
    const value = `leak-${randomToken(18)}`;
    const sinks = sinksOf(walkStack.stack, console).filter(({ name }) => name === sink);
    expect((await scanSinks(value, sinks)).findings).toEqual([]);
    await leaks[sink]?.(value);
    const { findings } = await scanSinks(value, sinks);
    expect(findings.map((finding) => finding.sink)).toContain(sink);
  });

  test("every sink that is looked through is one into which a leak was planted", () => {
    const looked = sinksOf(walkStack.stack, console).map(({ name }) => name);
    expect(Object.keys(leaks).toSorted()).toEqual(looked.filter((name) => name !== sinkNames.redis).toSorted());
  });

  test("a walk whose secret's name cannot be found where it must be is not believed", async () => {
    const sinks = sinksOf(walkStack.stack, console);
    await expect(requireNameInSinks(`never-${randomToken(9)}`, sinks)).rejects.toThrow("does not even find the name");
  });
});
