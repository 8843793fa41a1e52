import { randomUUID } from "node:crypto";
import path from "node:path";
import { fail, parseOrFail } from "@berth/platform";
import type { ServerSpec } from "../../provider.ts";
import { withFileLock } from "../file-lock.ts";
import type { Lab } from "../lab-paths.ts";
import { destroyRecord } from "./destroy-server.ts";
import { writeFirstBootFiles } from "./first-boot-files.ts";
import { labLockFile, networkUp } from "./lab-network.ts";
import { freeSlot, readRecord, ServerName, type ServerRecord, writeRecord } from "./server-record.ts";
import { startSupervised, stopSupervised } from "./supervisor.ts";

/** Held through every change of one server; outside its folder, which comes and goes. */
export const serverLockFile = (lab: Lab, name: string): string => path.join(lab.dir, "locks", `${name}.lock`);

/** Takes an address and writes the intent to make the server, with the lab's network up. */
function intend(lab: Lab, spec: ServerSpec, layers: string[]): Promise<ServerRecord> {
  return withFileLock(labLockFile(lab), async () => {
    await networkUp(lab);
    const record: ServerRecord = {
      id: randomUUID().replaceAll("-", ""),
      name: spec.name,
      phase: "creating",
      desired: "on",
      slot: await freeSlot(lab),
      layers,
      cores: spec.cores,
      memoryMb: spec.memoryMb,
      labels: spec.labels,
    };
    await writeRecord(lab, record);
    return record;
  });
}

/** Creates and starts a server; by the same name again it finishes what was begun, or answers what is there. */
export async function createMachine(lab: Lab, spec: ServerSpec, layersOf: () => string[]): Promise<ServerRecord> {
  const name = parseOrFail(ServerName, spec.name, "server name");
  if (!spec.userData.startsWith("#cloud-config")) fail("invalid_input", "User data must begin with #cloud-config.");
  return withFileLock(serverLockFile(lab, name), async () => {
    let record = await readRecord(lab, name);
    if (record?.phase === "ready") return record;
    if (record?.phase === "destroying") {
      await destroyRecord(lab, record);
      record = null;
    }
    if (record) {
      await withFileLock(labLockFile(lab), () => networkUp(lab));
      await stopSupervised(lab, record, { hard: true });
    } else {
      record = await intend(lab, spec, layersOf());
    }
    await writeFirstBootFiles(lab, record, spec.userData);
    await startSupervised(lab, record);
    const ready: ServerRecord = { ...record, phase: "ready" };
    await writeRecord(lab, ready);
    return ready;
  });
}
