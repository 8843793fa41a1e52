import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandJob, CommandRunner } from "@berth/contracts";
import { untilTrue } from "@berth/platform";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runCommandJob } from "./command-runner.ts";
import { createRunJob } from "./executor/run-job.ts";

vi.setConfig({ testTimeout: 30_000 });
let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "command-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const job = (command: string, change: Partial<CommandJob> = {}): CommandJob => ({
  command,
  cwd,
  env: {},
  timeoutMs: 20_000,
  maxOutputBytes: 10_000,
  ...change,
});

test("output, error output and exit code come back", async () => {
  const result = await runCommandJob(job("echo out; echo err >&2; exit 3"));
  expect(result).toEqual({
    exitCode: 3,
    signal: null,
    timedOut: false,
    truncated: false,
    stdout: "out\n",
    stderr: "err\n",
  });
});

test("a command sees its own variables and a clean environment, nothing of this process", async () => {
  vi.stubEnv("BERTH_LEAK", "leaked");
  const { stdout } = await runCommandJob(job("env", { env: { MINE: "1" } }));
  const names = stdout
    .trim()
    .split("\n")
    .map((line) => line.split("=")[0])
    .sort();
  expect(names).toEqual(["HOME", "LANG", "MINE", "PATH", "PWD", "SHLVL", "TERM", "_"]);
  vi.unstubAllEnvs();
});

test("a command that holds a secret finds nothing at home that an earlier one left in the workspace", async () => {
  await runCommandJob(job("echo planted > .sqliterc"));
  const seen = (env: CommandJob["env"]) => runCommandJob(job('ls -A ~; [ "$HOME" = "$PWD" ] && echo same', { env }));
  expect((await seen({})).stdout).toBe(".sqliterc\nsame\n");
  expect((await seen({ S: "p1anted-value-77" })).stdout).toBe("");
});

test("a result comes only when the runner is gone, so that nothing of one command watches the next", async () => {
  const script = 'printf "%s\\n" "$0"; sleep 0.4; touch "$1"';
  const answer = JSON.stringify({
    exitCode: 0,
    signal: null,
    timedOut: false,
    truncated: false,
    stdout: "",
    stderr: "",
  });
  const runner = { kind: "spawn" as const, argv: ["/bin/bash", "-c", script, answer, join(cwd, "gone")] };
  expect(await createRunJob(runner)(job("true"))).toMatchObject({ exitCode: 0 });
  expect(existsSync(join(cwd, "gone"))).toBe(true);
});

test("a secret in a variable is in no command line", async () => {
  const { stdout } = await runCommandJob(
    job("for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < $f 2>/dev/null; done; echo; echo ${#S}", {
      env: { S: "p1anted-value-77" },
      maxOutputBytes: 20_000_000,
    }),
  );
  expect(stdout).not.toContain("p1anted-value-77");
  expect(stdout.trimEnd().endsWith("16")).toBe(true);
});

test("what takes too long is ended with all it started, also what ignores SIGTERM", async () => {
  const result = await runCommandJob(
    job("trap '' TERM; (trap '' TERM; sleep 60; echo late > late) & echo $! > pid; sleep 60", { timeoutMs: 300 }),
  );
  expect(result).toMatchObject({ timedOut: true, exitCode: null });
  const pid = Number(readFileSync(join(cwd, "pid"), "utf8"));
  await untilTrue(() => !isRunning(pid), { timeoutMs: 10_000 });
  expect(existsSync(join(cwd, "late"))).toBe(false);
});

test("a background process neither holds the result up nor lives on", async () => {
  await runCommandJob(job("sleep 60 & echo $! > pid; echo done"));
  const pid = Number(readFileSync(join(cwd, "pid"), "utf8"));
  await untilTrue(() => !isRunning(pid), { timeoutMs: 10_000 });
});

test("output is cut at its cap, and the command is not held up by it", async () => {
  const result = await runCommandJob(job("head -c 5000000 /dev/zero | tr '\\0' x", { maxOutputBytes: 1000 }));
  expect(result).toMatchObject({ exitCode: 0, truncated: true, stdout: "x".repeat(1000) });
});

test("a folder that is not there is said, not thrown", async () => {
  const result = await runCommandJob(job("true", { cwd: join(cwd, "none") }));
  expect(result).toMatchObject({ exitCode: null, stderr: expect.stringContaining("could not be started") });
});

const runner = join(import.meta.dirname, "command-runner.ts");

test("as a process it takes one line and answers one line", async () => {
  const runJob = createRunJob({ kind: "spawn", argv: [process.execPath, runner] });
  expect(await runJob(job('printf %s "$X"', { env: { X: "a\nb" } }))).toMatchObject({ exitCode: 0, stdout: "a\nb" });
});

test("a job that is not understood is not repeated in the error", async () => {
  const child = spawn(process.execPath, [runner], { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  child.stdin.end('{"command":"p1anted-value-77"}\n');
  const [code] = await once(child, "close");
  expect(code).toBe(1);
  expect(output).not.toContain("p1anted-value-77");
});

test("a command unit that is not there is unavailable", async () => {
  const units: CommandRunner[] = [
    { kind: "socket", path: join(cwd, "none.sock") },
    { kind: "spawn", argv: [join(cwd, "none")] },
    { kind: "spawn", argv: ["/bin/true"] },
  ];
  for (const unit of units)
    await expect(createRunJob(unit)(job("true"))).rejects.toMatchObject({ code: "unavailable" });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}
