import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { fail, parseOrFail } from "@berth/platform";
import { z } from "zod";
import type { ProviderServer, ServerSpec, VpsProvider } from "../../provider.ts";
import { readFileIfThere, writeFileAtomically } from "../atomic-file.ts";
import { ServerName } from "../machine/server-record.ts";
import { supervisorOf } from "./supervisor-claim.ts";
import { startSupervisor, stopSupervisor } from "./supervisor-control.ts";

const ProcessRecord = z.object({
  id: z.string(),
  name: ServerName,
  phase: z.enum(["ready", "destroying"]),
  desired: z.enum(["on", "off"]),
  labels: z.record(z.string(), z.string()),
});
type ProcessRecord = z.infer<typeof ProcessRecord>;

const homeOf = (labDir: string) => path.join(path.resolve(labDir), "processes");
const rootOf = (labDir: string, name: string) => path.join(homeOf(labDir), name);
const recordFile = (rootDir: string) => path.join(rootDir, "server.json");
const writeRecord = (rootDir: string, record: ProcessRecord) =>
  writeFileAtomically(recordFile(rootDir), JSON.stringify(record, null, 2));

async function readRecord(labDir: string, name: string): Promise<ProcessRecord | null> {
  if (!ServerName.safeParse(name).success) return null;
  const text = await readFileIfThere(recordFile(rootOf(labDir, name)));
  return text === null ? null : ProcessRecord.parse(JSON.parse(text));
}

async function listRecords(labDir: string): Promise<ProcessRecord[]> {
  const names = await readdir(homeOf(labDir)).catch(() => [] as string[]);
  const records = await Promise.all(names.map((name) => readRecord(labDir, name)));
  return records.filter((record) => record !== null);
}

async function serverOf(labDir: string, record: ProcessRecord): Promise<ProviderServer> {
  const rootDir = rootOf(labDir, record.name);
  return {
    id: record.id,
    name: record.name,
    status: (await supervisorOf(rootDir)) ? "running" : "off",
    ipv4: "127.0.0.1",
    isolation: "process",
    labels: record.labels,
    access: { kind: "process", rootDir },
  };
}

/** Makes the folder complete under another name and moves it into place: of two creators one wins, and none leaves half. */
async function makeRoot(labDir: string, record: ProcessRecord): Promise<void> {
  const draft = path.join(homeOf(labDir), `.${record.name}.${record.id}`);
  await mkdir(path.join(draft, "units"), { recursive: true, mode: 0o700 });
  await writeRecord(draft, record);
  await rename(draft, rootOf(labDir, record.name)).catch(async (cause: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!(await readRecord(labDir, record.name))) throw cause;
  });
}

async function destroy(labDir: string, record: ProcessRecord): Promise<void> {
  const rootDir = rootOf(labDir, record.name);
  await writeRecord(rootDir, { ...record, phase: "destroying", desired: "off" });
  await stopSupervisor(rootDir);
  await rm(rootDir, { recursive: true, force: true, maxRetries: 5 });
}

async function create(labDir: string, spec: ServerSpec): Promise<ProcessRecord> {
  const name = parseOrFail(ServerName, spec.name, "server name");
  const old = await readRecord(labDir, name);
  if (old?.phase === "destroying") await destroy(labDir, old);
  const id = randomUUID().replaceAll("-", "");
  if (old?.phase !== "ready") await makeRoot(labDir, { id, name, phase: "ready", desired: "on", labels: spec.labels });
  const record = (await readRecord(labDir, name)) ?? fail("conflict", `Server ${name} was destroyed meanwhile.`);
  if (record.desired === "on") await startSupervisor(rootOf(labDir, name));
  return record;
}

async function setPower(labDir: string, id: string, desired: "on" | "off"): Promise<void> {
  const record = (await listRecords(labDir)).find((one) => one.id === id && one.phase === "ready");
  if (!record) fail("not_found", "There is no such server.");
  const rootDir = rootOf(labDir, record.name);
  await writeRecord(rootDir, { ...record, desired });
  await (desired === "on" ? startSupervisor(rootDir) : stopSupervisor(rootDir));
}

/**
 * Servers as folders with child processes: no root, no isolation, any system. What provisioning puts into
 * `<rootDir>/units/<name>.json` (`ProcessUnit`) is run and kept running. The user data is not used.
 */
export function createProcessProvider({ labDir }: { labDir: string }): VpsProvider {
  const find = async (matches: (record: ProcessRecord) => boolean) => {
    const record = (await listRecords(labDir)).find((one) => one.phase === "ready" && matches(one));
    return record ? serverOf(labDir, record) : null;
  };
  return {
    name: "local",
    capabilities: { canOrder: true, isolation: "process" },
    createServer: async (spec) => serverOf(labDir, await create(labDir, spec)),
    getServer: (id) => find((record) => record.id === id),
    findServerByName: (name) => find((record) => record.name === name),
    async listServers() {
      const records = (await listRecords(labDir)).filter((record) => record.phase === "ready");
      return Promise.all(records.map((record) => serverOf(labDir, record)));
    },
    async destroyServer(id) {
      const record = (await listRecords(labDir)).find((one) => one.id === id);
      if (record) await destroy(labDir, record);
    },
    powerOn: (id) => setPower(labDir, id, "on"),
    powerOff: (id) => setPower(labDir, id, "off"),
    async reboot(id) {
      await setPower(labDir, id, "off");
      await setPower(labDir, id, "on");
    },
  };
}

export async function startAllProcesses({ labDir }: { labDir: string }): Promise<void> {
  for (const record of await listRecords(labDir)) {
    if (record.phase === "ready" && record.desired === "on") await startSupervisor(rootOf(labDir, record.name));
  }
}

export async function stopAllProcesses({ labDir }: { labDir: string }): Promise<void> {
  await Promise.all((await listRecords(labDir)).map((record) => stopSupervisor(rootOf(labDir, record.name))));
}
