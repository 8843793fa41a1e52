import { statfsSync } from "node:fs";
import { freemem, loadavg, totalmem } from "node:os";
import type { HeartbeatInput } from "@berth/contracts";

const mb = (bytes: number): number => Math.round(bytes / 1_048_576);

/** Load and room on this machine; `dir` says of which disk. */
export function measureLoad(dir: string): HeartbeatInput["load"] {
  const disk = statfsSync(dir);
  return {
    load1: loadavg()[0] ?? 0,
    memoryUsedMb: mb(totalmem() - freemem()),
    memoryTotalMb: mb(totalmem()),
    diskFreeMb: mb(disk.bavail * disk.bsize),
  };
}
