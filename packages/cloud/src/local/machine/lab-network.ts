import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { withFileLock } from "../file-lock.ts";
import { infraPath } from "../infra-paths.ts";
import { type Lab, labOf } from "../lab-paths.ts";
import { runOrFail } from "../run-command.ts";

export const labLockFile = (lab: Lab): string => path.join(lab.dir, "lab.lock");

const inotifyInstancesMin = 1024;

/** A guest takes 7 inotify instances of root's 128: without more, systemd fails in the 18th server. */
async function allowManyServers(): Promise<void> {
  const knob = "/proc/sys/fs/inotify/max_user_instances";
  if (Number(await readFile(knob, "utf8")) < inotifyInstancesMin) {
    // Where the machine forbids it, fewer servers run at once; nothing else depends on it.
    await writeFile(knob, `${inotifyInstancesMin}\n`).catch(() => {});
  }
}

/** Makes the lab's namespaces, bridge, fake internet and forward guard, or repairs them. Call it under the lab's lock. */
export async function networkUp(lab: Lab): Promise<void> {
  await allowManyServers();
  await runOrFail("bring up the lab's network", [infraPath("lab/network.sh"), "up"], { env: { LAB_KEY: lab.key } });
}

export async function networkDown(lab: Lab): Promise<void> {
  await runOrFail("take down the lab's network", [infraPath("lab/network.sh"), "down"], { env: { LAB_KEY: lab.key } });
}

/** Makes the lab's network, in namespaces of its own; may be repeated. Servers and relays need it. */
export async function bringUpLab(options: { labDir: string }): Promise<void> {
  const lab = labOf(options.labDir);
  await withFileLock(labLockFile(lab), () => networkUp(lab));
}
