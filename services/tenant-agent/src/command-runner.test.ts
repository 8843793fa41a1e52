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
  secrets: [],
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

test("a command sees a clean environment, nothing of this process and none of its secrets", async () => {
  vi.stubEnv("BERTH_LEAK", "leaked");
  const { stdout } = await runCommandJob(job("env", { secrets: ["p1anted-value-77"] }));
  const names = stdout
    .trim()
    .split("\n")
    .map((line) => line.split("=")[0])
    .sort();
  expect(names).toEqual(["HOME", "LANG", "PATH", "PWD", "SHLVL", "TERM", "_"]);
  vi.unstubAllEnvs();
});

test("a command that holds a secret finds nothing at home that an earlier one left in the workspace", async () => {
  await runCommandJob(job("echo planted > .sqliterc"));
  const seen = (secrets: string[]) => runCommandJob(job('ls -A ~; [ "$HOME" = "$PWD" ] && echo same', { secrets }));
  expect((await seen([])).stdout).toBe(".sqliterc\nsame\n");
  expect((await seen(["p1anted-value-77"])).stdout).toBe("");
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

test("secrets come on descriptor 3, each with a NUL after it, and stand in no command line and no environment", async () => {
  const secrets = ["p1anted-value-77", "two\nlines '\"", ""];
  const looks = "for f in /proc/[0-9]*/{cmdline,environ}; do tr '\\0' ' ' < $f 2>/dev/null; done";
  const { stdout } = await runCommandJob(job(`${looks}; echo; od -An -c <&3`, { secrets, maxOutputBytes: 20_000_000 }));
  const [seen = "", fed = ""] = stdout.split(/\n(?= +p +1)/);
  expect(seen).toContain("/bin/bash --norc");
  expect(seen).not.toContain("p1anted-value-77");
  expect(fed.replace(/\s+/g, "")).toBe(`${secrets[0]}\\0two\\nlines'"\\0\\0`);
});

test("without secrets there is no descriptor 3", async () => {
  // What ls itself opens to look is the first one that is free.
  expect((await runCommandJob(job("ls /proc/self/fd"))).stdout).not.toMatch(/^[4-9]$/m);
});

test("a command that does not read its secrets is not held up by them", async () => {
  const result = await runCommandJob(job("exec 3<&-; echo done", { secrets: ["x".repeat(4_000_000)] }));
  expect(result).toMatchObject({ exitCode: 0, stdout: "done\n" });
});

test("a letter that is cut at the cap is left out whole", async () => {
  const result = await runCommandJob(job("printf 'ab\\xc3\\xa9\\xc3\\xa9'", { maxOutputBytes: 5 }));
  expect(result).toMatchObject({ truncated: true, stdout: "abé" });
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
  expect(await runJob(job('cat <&3 | tr "\\0" .', { secrets: ["a\nb"] }))).toMatchObject({
    exitCode: 0,
    stdout: "a\nb.",
  });
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
