import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import path from "node:path";
import { fail, untilTrue } from "@berth/platform";
import { readFileIfThere } from "../atomic-file.ts";
import { minimalEnv } from "../env.ts";
import { isLocked } from "../file-lock.ts";
import { infraPath } from "../infra-paths.ts";
import { type Lab, serverDir } from "../lab-paths.ts";
import { runOrFail } from "../run-command.ts";
import type { ServerRecord } from "./server-record.ts";

const lockFile = (lab: Lab, name: string) => path.join(serverDir(lab, name), "supervisor.lock");
const pidFile = (lab: Lab, name: string, which: "supervisor" | "nspawn") =>
  path.join(serverDir(lab, name), `${which}.pid`);

/** Guests get this long to power off in order before they are cut. */
const orderlyStopMs = 20_000;

const scriptEnv = (lab: Lab, record: ServerRecord): Record<string, string> => ({
  LAB_KEY: lab.key,
  SLOT: String(record.slot),
  SERVER_NAME: record.name,
  SERVER_DIR: serverDir(lab, record.name),
  LAYERS: record.layers.join(":"),
  MEMORY_MB: String(record.memoryMb),
  CORES: String(Math.ceil(record.cores)),
});

/** Whether a supervisor keeps the server running. The lock, not a pid, decides: a pid may be another process by now. */
export const isSupervised = (lab: Lab, name: string): Promise<boolean> => isLocked(lockFile(lab, name));

async function pidOf(lab: Lab, name: string, which: "supervisor" | "nspawn"): Promise<number | null> {
  const text = await readFileIfThere(pidFile(lab, name, which));
  return text?.trim() ? Number(text) : null;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** PID 1 of the guest as the machine numbers it, or null while the server is off. */
export async function guestInit(lab: Lab, name: string): Promise<number | null> {
  if (!(await isSupervised(lab, name))) return null;
  const nspawn = await pidOf(lab, name, "nspawn");
  if (nspawn === null) return null;
  const children = await readFileIfThere(`/proc/${nspawn}/task/${nspawn}/children`).catch(() => null);
  for (const child of children?.trim().split(" ").filter(Boolean) ?? []) {
    const status = await readFile(`/proc/${child}/status`, "utf8").catch(() => "");
    if (/^NSpid:.*\s1$/m.test(status)) return Number(child);
  }
  return null;
}

/** Starts the server if it is off; answers once the guest's PID 1 runs. Its supervisor outlives this process. */
export async function startSupervised(lab: Lab, record: ServerRecord): Promise<void> {
  if (await isSupervised(lab, record.name)) return;
  const consoleFile = path.join(serverDir(lab, record.name), "console.log");
  const log = await open(consoleFile, "a", 0o600);
  const child = spawn(infraPath("lab/server.sh"), ["supervise"], {
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
    env: { ...minimalEnv(), ...scriptEnv(lab, record) },
  });
  let ended = false;
  child.on("exit", () => {
    ended = true;
  });
  child.on("error", () => {
    ended = true;
  });
  child.unref();
  await log.close();
  const started = await untilTrue(async () => ended || (await guestInit(lab, record.name)) !== null, {
    timeoutMs: 30_000,
    what: `The start of server ${record.name}`,
  });
  if (started && ended && !(await isSupervised(lab, record.name))) {
    const tail = (await readFile(consoleFile, "utf8")).split("\n").slice(-15).join("\n");
    fail("unavailable", `Server ${record.name} did not start.`, { internal: tail });
  }
}

/** Stops the server: in order unless `hard`, and then whatever is left of it. Nothing of it stays in the kernel. */
export async function stopSupervised(lab: Lab, record: ServerRecord, options: { hard: boolean }): Promise<void> {
  const pid = await pidOf(lab, record.name, "supervisor");
  if (pid !== null && (await isSupervised(lab, record.name))) {
    process.kill(pid, options.hard ? "SIGKILL" : "SIGTERM");
    const timeoutMs = options.hard ? 5_000 : orderlyStopMs;
    await untilTrue(async () => !(await isSupervised(lab, record.name)), { timeoutMs }).catch(() => {
      if (isAlive(pid)) process.kill(pid, "SIGKILL");
    });
  }
  await runOrFail(`clean up after server ${record.name}`, [infraPath("lab/server.sh"), "clean"], {
    env: scriptEnv(lab, record),
  });
}
