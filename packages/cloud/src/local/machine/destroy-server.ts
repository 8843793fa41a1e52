import { type Lab, serverDir } from "../lab-paths.ts";
import { runOrFail } from "../run-command.ts";
import { type ServerRecord, writeRecord } from "./server-record.ts";
import { stopSupervised } from "./supervisor.ts";

/** Cuts the server off and removes its disk. Call it under the server's lock. Broken off, the next call goes on. */
export async function destroyRecord(lab: Lab, record: ServerRecord): Promise<void> {
  await writeRecord(lab, { ...record, phase: "destroying", desired: "off" });
  await stopSupervised(lab, record, { hard: true });
  // Its disk is unmounted by now; if ever it is not, the machine's files below it must stay.
  await runOrFail(`remove the disk of server ${record.name}`, [
    "rm",
    "-rf",
    "--one-file-system",
    serverDir(lab, record.name),
  ]);
}
