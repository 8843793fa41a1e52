import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { z } from "zod";

/** A process, told apart from a later one that was given the same pid. */
export const ProcessMark = z.object({ pid: z.int().positive(), startedAt: z.string() });
export type ProcessMark = z.infer<typeof ProcessMark>;

/** When the process was started, in whatever form the system has it; null if there is none (a zombie is none). */
function startOf(pid: number): string | null {
  try {
    if (process.platform === "linux") {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The program's name is in brackets and may hold spaces; the state is field 3, the start time field 22.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" ? null : (fields[19] ?? null);
    }
    if (process.platform === "win32") {
      process.kill(pid, 0);
      return "unknown";
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
  } catch {
    return null;
  }
}

export function markOf(pid: number): ProcessMark | null {
  const startedAt = startOf(pid);
  return startedAt === null ? null : { pid, startedAt };
}

export const isAlive = (mark: ProcessMark): boolean => startOf(mark.pid) === mark.startedAt;

/** Signals the process's whole group, or the process alone where there are no groups. A process that is gone is fine. */
export function signalGroup(mark: ProcessMark, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === "win32" ? mark.pid : -mark.pid, signal);
  } catch {
    // ended meanwhile
  }
}
