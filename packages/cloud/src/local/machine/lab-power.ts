import { withFileLock } from "../file-lock.ts";
import { labOf } from "../lab-paths.ts";
import { serverLockFile } from "./create-server.ts";
import { labLockFile, networkDown, networkUp } from "./lab-network.ts";
import { listRecords, readRecord } from "./server-record.ts";
import { startSupervised, stopSupervised } from "./supervisor.ts";

/** Starts every server that should run, e.g. after the machine itself was restarted. Disks and addresses are kept. */
export async function startAllMachines(options: { labDir: string }): Promise<void> {
  const lab = labOf(options.labDir);
  await withFileLock(labLockFile(lab), () => networkUp(lab));
  for (const { name } of await listRecords(lab)) {
    await withFileLock(serverLockFile(lab, name), async () => {
      const record = await readRecord(lab, name);
      if (record?.phase === "ready" && record.desired === "on") await startSupervised(lab, record);
    });
  }
}

/** Stops every server in order; which of them should run stays noted for `startAllServers`. */
export async function stopAllMachines(options: { labDir: string }): Promise<void> {
  const lab = labOf(options.labDir);
  const records = await listRecords(lab);
  await Promise.all(
    records.map(({ name }) =>
      withFileLock(serverLockFile(lab, name), async () => {
        const record = await readRecord(lab, name);
        if (record) await stopSupervised(lab, record, { hard: false });
      }),
    ),
  );
}

/** Stops the servers and removes the lab's network. No process, mount, namespace or cgroup is left; disks stay. */
export async function takeDownLab(options: { labDir: string }): Promise<void> {
  await stopAllMachines(options);
  const lab = labOf(options.labDir);
  await withFileLock(labLockFile(lab), () => networkDown(lab));
}
