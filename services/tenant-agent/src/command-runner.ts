/**
 * The command unit: one job as a line on stdin, one result as a line on stdout. It runs under a uid of its own, so that
 * what a command can reach is a matter of the kernel and not of this code.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { CommandJob, type CommandResult } from "@berth/contracts";
import { textOfBytes } from "./text-of-bytes.ts";

const graceMs = 2_000;
const maxJobBytes = 2 * 1_048_576;

/** All that a command finds in its environment. */
const cleanEnv = (home: string): Record<string, string> => ({
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: home,
  LANG: "C.UTF-8",
  TERM: "dumb",
});

/** Collects output up to a cap, and keeps reading past it, so that a talkative command is not held up. */
function createCollector(maxBytes: number) {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    take(chunk: Buffer): void {
      if (size < maxBytes) chunks.push(chunk.subarray(0, maxBytes - size));
      size += chunk.length;
    },
    isTruncated: (): boolean => size > maxBytes,
    text: (): string => textOfBytes(Buffer.concat(chunks), { cut: size > maxBytes }),
  };
}

/** Runs one bash command in a process group of its own and ends whatever is left of the group. */
export function runCommandJob(job: CommandJob): Promise<CommandResult> {
  return new Promise((resolve) => {
    const stdout = createCollector(job.maxOutputBytes);
    const stderr = createCollector(job.maxOutputBytes);
    // Programs run what they find at home; a command that holds a secret does not get what the agent could have put there.
    const ownHome = job.secrets.length > 0 ? mkdtempSync(join(tmpdir(), "home-")) : null;
    // Without --norc bash reads ~/.bashrc when its input looks like a network connection.
    const child = spawn("/bin/bash", ["--norc", "--noprofile", "-c", job.command], {
      cwd: job.cwd,
      env: cleanEnv(ownHome ?? job.cwd),
      stdio: job.secrets.length > 0 ? ["ignore", "pipe", "pipe", "pipe"] : ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let timedOut = false;
    const endGroup = (signal: NodeJS.Signals) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // Nobody is left in the group.
      }
    };
    let killTimer: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup("SIGTERM");
      killTimer = setTimeout(endGroup, graceMs, "SIGKILL");
    }, job.timeoutMs);
    const finish = (exitCode: number | null, signal: string | null, problem = "") => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      endGroup("SIGKILL");
      if (ownHome) rmSync(ownHome, { recursive: true, force: true });
      const truncated = stdout.isTruncated() || stderr.isTruncated();
      resolve({ exitCode, signal, timedOut, truncated, stdout: stdout.text(), stderr: stderr.text() + problem });
    };
    feed(child.stdio[3], job.secrets);
    child.stdout?.on("data", stdout.take);
    child.stderr?.on("data", stderr.take);
    child.on("error", ({ message }) => finish(null, null, `The command could not be started: ${message}`));
    // A background child may hold the pipes open for ever; the group ends with its leader.
    child.on("exit", () => endGroup("SIGKILL"));
    child.on("close", finish);
  });
}

/** A command that ends early leaves the rest unread. */
function feed(descriptor: unknown, secrets: string[]): void {
  if (!(descriptor instanceof Writable)) return;
  descriptor.on("error", () => undefined);
  descriptor.end(secrets.map((secret) => `${secret}\0`).join(""));
}

async function readJob(): Promise<CommandJob> {
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const chunk of process.stdin) {
    text += chunk;
    if (text.includes("\n")) return CommandJob.parse(JSON.parse(text.slice(0, text.indexOf("\n"))));
    if (text.length > maxJobBytes) throw new Error("job too large");
  }
  throw new Error("no job");
}

if (import.meta.main) {
  // The agent's file tool works on the same files through the workspace's group.
  process.umask(0o007);
  try {
    const result = await runCommandJob(await readJob());
    process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
  } catch {
    // The reason could quote the job, and a job can hold secrets.
    process.stderr.write("the job was not understood\n", () => process.exit(1));
  }
}
