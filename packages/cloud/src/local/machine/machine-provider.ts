import path from "node:path";
import { fail } from "@berth/platform";
import type { ProviderServer, ServerSpec, VpsProvider } from "../../provider.ts";
import { withFileLock } from "../file-lock.ts";
import { builtLayers } from "../image/image-recipe.ts";
import { type Lab, labAddresses, labOf } from "../lab-paths.ts";
import { runOnServer } from "./console.ts";
import { createMachine, serverLockFile } from "./create-server.ts";
import { destroyRecord } from "./destroy-server.ts";
import { labLockFile, networkUp } from "./lab-network.ts";
import { connectInLab } from "./lab-sockets.ts";
import { listRecords, readRecord, type ServerRecord, writeRecord } from "./server-record.ts";
import { isSupervised, startSupervised, stopSupervised } from "./supervisor.ts";

async function serverOf(lab: Lab, record: ServerRecord): Promise<ProviderServer> {
  const ipv4 = labAddresses.serverOf(record.slot);
  const running = record.phase === "ready" && (await isSupervised(lab, record.name));
  return {
    id: record.id,
    name: record.name,
    status: record.phase === "creating" ? "creating" : running ? "running" : "off",
    ipv4,
    isolation: "machine",
    labels: record.labels,
    access: { kind: "ssh", openStream: (port) => connectInLab({ namespace: lab.labNamespace, address: ipv4, port }) },
  };
}

const recordOf = async (lab: Lab, id: string): Promise<ServerRecord | null> =>
  (await listRecords(lab)).find((record) => record.id === id) ?? null;

/** Runs `work` with the record as it is under the server's lock; null if the server is gone or made anew since. */
async function change<T>(lab: Lab, id: string, work: (record: ServerRecord) => Promise<T>): Promise<T | null> {
  const found = await recordOf(lab, id);
  if (!found) return null;
  return withFileLock(serverLockFile(lab, found.name), async () => {
    const record = await readRecord(lab, found.name);
    return record?.id === id ? work(record) : null;
  });
}

async function setPower(lab: Lab, id: string, desired: "on" | "off"): Promise<void> {
  const done = await change(lab, id, async (record) => {
    if (record.phase !== "ready") fail("conflict", `Server ${record.name} is ${record.phase}.`);
    await writeRecord(lab, { ...record, desired });
    if (desired === "on") {
      await withFileLock(labLockFile(lab), () => networkUp(lab));
      await startSupervised(lab, record);
    } else {
      await stopSupervised(lab, record, { hard: false });
    }
    return true;
  });
  if (!done) fail("not_found", "There is no such server.");
}

/** Servers as systemd-nspawn containers with an own network, disk and cgroup (`vps` in all that the product uses). */
export function createMachineProvider(options: { labDir: string; cacheDir?: string | undefined }): VpsProvider {
  const lab = labOf(options.labDir);
  const cacheDir = options.cacheDir ?? path.join(options.labDir, "cache");
  const layers = () =>
    builtLayers(cacheDir) ?? fail("unavailable", "The servers' base image is not built yet; npm start builds it.");
  return {
    name: "local",
    capabilities: { canOrder: true, isolation: "machine" },
    createServer: async (spec: ServerSpec) => serverOf(lab, await createMachine(lab, spec, layers)),
    async getServer(id) {
      const record = await recordOf(lab, id);
      return record && record.phase !== "destroying" ? serverOf(lab, record) : null;
    },
    async findServerByName(name) {
      const record = await readRecord(lab, name);
      return record && record.phase !== "destroying" ? serverOf(lab, record) : null;
    },
    async listServers() {
      const records = (await listRecords(lab)).filter((record) => record.phase !== "destroying");
      return Promise.all(records.map((record) => serverOf(lab, record)));
    },
    async destroyServer(id) {
      await change(lab, id, (record) => destroyRecord(lab, record));
    },
    powerOn: (id) => setPower(lab, id, "on"),
    powerOff: (id) => setPower(lab, id, "off"),
    async reboot(id) {
      const record = await recordOf(lab, id);
      if (!record) fail("not_found", "There is no such server.");
      const outcome = await runOnServer({ labDir: options.labDir, name: record.name, argv: ["systemctl", "reboot"] });
      // Our console is cut while the guest goes down, so only an answer of systemctl itself counts as a refusal.
      if (outcome.code !== 0 && outcome.code !== null && outcome.stderr.includes("Failed")) {
        fail("unavailable", `Server ${record.name} did not reboot.`, { internal: outcome.stderr });
      }
    },
  };
}
