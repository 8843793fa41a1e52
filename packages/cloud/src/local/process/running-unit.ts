import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { minimalEnv } from "../env.ts";
import { markOf, signalGroup } from "./process-mark.ts";
import type { UnitFile } from "./process-unit.ts";

const stopGraceMs = 5_000;

export interface RunningUnit {
  version: string;
  /** Resolves when the program has ended. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

const isRunning = (child: ChildProcess) =>
  child.exitCode === null && child.signalCode === null && child.pid !== undefined;

/** Where the supervisor notes what it started, so that its successor can end it. */
export const marksDir = (rootDir: string): string => path.join(rootDir, "run");

function note(file: string, pid: number | undefined): void {
  const mark = pid === undefined ? null : markOf(pid);
  if (mark) writeFileSync(file, JSON.stringify(mark), { mode: 0o600 });
}

/** Starts a unit's program in a process group of its own. */
export function startUnit(rootDir: string, { unit, version }: UnitFile): RunningUnit {
  mkdirSync(path.dirname(unit.logFile), { recursive: true });
  const log = openSync(unit.logFile, "a", 0o600);
  const [file = "", ...args] = unit.argv;
  const child = spawn(file, args, {
    cwd: unit.cwd ?? rootDir,
    env: { ...minimalEnv(), ...unit.env },
    stdio: ["ignore", log, log],
    detached: process.platform !== "win32",
  });
  closeSync(log);
  const markFile = path.join(marksDir(rootDir), `${unit.name}.json`);
  note(markFile, child.pid);
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  }).then(() => {
    // Helpers that the program leaves behind would meet their successors' ports and files.
    if (child.pid !== undefined) signalGroup({ pid: child.pid, startedAt: "" }, "SIGKILL");
    rmSync(markFile, { force: true });
  });
  return { version, ended, stop: () => stopChild(child, ended) };
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.pid !== undefined && isRunning(child)) {
    const mark = { pid: child.pid, startedAt: "" };
    const gone = once(child, "exit");
    signalGroup(mark, "SIGTERM");
    const timer = setTimeout(() => signalGroup(mark, "SIGKILL"), stopGraceMs);
    await gone;
    clearTimeout(timer);
  }
  await ended;
}
