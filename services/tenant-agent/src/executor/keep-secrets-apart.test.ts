import type { CommandJob } from "@berth/contracts";
import { expect, test } from "vitest";
import { keepSecretsApart } from "./keep-secrets-apart.ts";

const job = (command: string, secrets: string[] = []): CommandJob => ({
  command,
  cwd: "/",
  secrets,
  timeoutMs: 1,
  maxOutputBytes: 1,
});
const result = { exitCode: 0, signal: null, timedOut: false, truncated: false, stdout: "", stderr: "" };

/** A runner whose commands end when the test says so. */
function createStage() {
  const running = new Map<string, { end: () => void; fail: () => void }>();
  const runJob = keepSecretsApart(({ command }) => {
    const { promise, resolve, reject } = Promise.withResolvers<typeof result>();
    const over = (settle: () => void) => () => {
      running.delete(command);
      settle();
    };
    running.set(command, { end: over(() => resolve(result)), fail: over(() => reject(new Error("lost"))) });
    return promise;
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { running, runJob, settled };
}

test("a command with a secret waits for those under way, and those that come later wait for it", async () => {
  const { running, runJob, settled } = createStage();
  for (const name of ["a", "b"]) void runJob(job(name));
  void runJob(job("secret", ["1"]));
  void runJob(job("late"));
  await settled();
  expect([...running.keys()]).toEqual(["a", "b"]);
  running.get("a")?.end();
  await settled();
  expect([...running.keys()]).toEqual(["b"]);
  running.get("b")?.end();
  await settled();
  expect([...running.keys()]).toEqual(["secret"]);
  running.get("secret")?.end();
  await settled();
  expect([...running.keys()]).toEqual(["late"]);
});

test("two commands with secrets never run at once, and one that fails lets the next go on", async () => {
  const { running, runJob, settled } = createStage();
  const first = runJob(job("first", ["1"]));
  const second = runJob(job("second", ["2"]));
  await settled();
  expect([...running.keys()]).toEqual(["first"]);
  running.get("first")?.fail();
  await expect(first).rejects.toThrow("lost");
  await settled();
  expect([...running.keys()]).toEqual(["second"]);
  running.get("second")?.end();
  await expect(second).resolves.toEqual(result);
});
