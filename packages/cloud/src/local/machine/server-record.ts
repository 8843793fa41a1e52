import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { fail } from "@berth/platform";
import { z } from "zod";
import { readFileIfThere, writeFileAtomically } from "../atomic-file.ts";
import { type Lab, serverDir, serversDir } from "../lab-paths.ts";

/** A name that is safe as a folder, a host name and an argument. */
export const ServerName = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, "lower-case letters, digits and dashes");

/**
 * What the lab knows of a server, in `servers/<name>/server.json`. `creating` is the intent, written before anything is
 * made: whoever finds it makes the server anew. `destroying` likewise ends in no server.
 */
export const ServerRecord = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  name: ServerName,
  phase: z.enum(["creating", "ready", "destroying"]),
  /** Whether it should run; `startAllServers` goes by it. */
  desired: z.enum(["on", "off"]),
  /** Last number of its address. */
  slot: z.int().min(11).max(250),
  layers: z.array(z.string()).min(1),
  cores: z.number().positive(),
  memoryMb: z.int().positive(),
  labels: z.record(z.string(), z.string()),
});
export type ServerRecord = z.infer<typeof ServerRecord>;

const recordFile = (lab: Lab, name: string) => path.join(serverDir(lab, name), "server.json");

export async function readRecord(lab: Lab, name: string): Promise<ServerRecord | null> {
  if (!ServerName.safeParse(name).success) return null;
  const text = await readFileIfThere(recordFile(lab, name));
  return text === null ? null : ServerRecord.parse(JSON.parse(text));
}

export async function writeRecord(lab: Lab, record: ServerRecord): Promise<void> {
  await mkdir(serverDir(lab, record.name), { recursive: true, mode: 0o700 });
  await writeFileAtomically(recordFile(lab, record.name), JSON.stringify(record, null, 2));
}

export async function listRecords(lab: Lab): Promise<ServerRecord[]> {
  const names = await readdir(serversDir(lab)).catch(() => [] as string[]);
  const records = await Promise.all(names.map((name) => readRecord(lab, name)));
  return records.filter((record) => record !== null);
}

/** The lowest address that no server has. Call it under the lab's lock. */
export async function freeSlot(lab: Lab): Promise<number> {
  const taken = new Set((await listRecords(lab)).map((record) => record.slot));
  for (let slot = 11; slot <= 250; slot++) if (!taken.has(slot)) return slot;
  fail("unavailable", "The lab is full: it has addresses for 240 servers.");
}
