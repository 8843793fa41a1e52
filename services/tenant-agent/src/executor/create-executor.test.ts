import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIds, createLogger, secretOf, systemClock } from "@berth/platform";
import { createRedactor } from "@berth/redaction";
import { ProxyAgent } from "undici";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createExecutor } from "./create-executor.ts";
import type { RunJob } from "./run-command.ts";

const value = randomBytes(1500).toString("hex");
const redactor = createRedactor([{ name: "pem", value }]);
const proxy = new ProxyAgent("http://127.0.0.1:9");
let workspaceDir: string;
beforeEach(() => {
  workspaceDir = mkdtempSync(join(tmpdir(), "executor-"));
});
afterEach(() => rmSync(workspaceDir, { recursive: true }));

const executorWith = (runJob: RunJob) =>
  createExecutor({
    workspaceDir,
    runJob,
    proxy,
    gateway: { call: () => Promise.reject(new Error("no gateway here")) },
    ids: createIds(systemClock),
    policy: () => null,
    secrets: {
      find: () => null,
      use: () => secretOf(value),
      redact: (text) => redactor.redactText(text),
      redactPartial: (text) => redactor.stream().push(text),
    },
    log: createLogger({ service: "test", destination: { write: () => undefined } }),
  });
const call = { agent: "main", origin: "person", sessionKey: "agent:main:main", allowedBy: "policy" } as const;

/** So often that the tool cuts the text in the middle of a value; redacted, what stands before the cut is short. */
const oftenRepeated = value.repeat(100);

test("a file that is cut in the middle of a secret does not show the half of it", async () => {
  writeFileSync(join(workspaceDir, "keys"), oftenRepeated);
  const execute = executorWith(() => Promise.reject(new Error("not asked for")));
  const { text } = await execute("file", { ...call, tool: "file", args: { op: "read", path: "keys" } });
  expect(text).toContain("SECRET_REF(pem)");
  expect(text).toContain("cut here");
  expect(text).not.toContain(value.slice(0, 16));
});

test("a command's output that is cut in the middle of a secret does not show the half of it", async () => {
  const execute = executorWith(async ({ maxOutputBytes }) => {
    const stdout = oftenRepeated.slice(0, maxOutputBytes);
    return { exitCode: 0, signal: null, timedOut: false, truncated: true, stdout, stderr: "" };
  });
  const { text } = await execute("run_command", { ...call, tool: "run_command", args: { command: "cat keys" } });
  expect(text).toContain("SECRET_REF(pem)");
  expect(text).not.toContain(value.slice(0, 16));
});
