import { rm } from "node:fs/promises";
import { type Lab, serverDir } from "../lab-paths.ts";
import { type ServerRecord, writeRecord } from "./server-record.ts";
import { stopSupervised } from "./supervisor.ts";

/** Cuts the server off and removes its disk. Call it under the server's lock. Broken off, the next call goes on. */
export async function destroyRecord(lab: Lab, record: ServerRecord): Promise<void> {
  await writeRecord(lab, { ...record, phase: "destroying", desired: "off" });
  await stopSupervised(lab, record, { hard: true });
  await rm(serverDir(lab, record.name), { recursive: true, force: true });
}
