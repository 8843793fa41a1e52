import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { appErrorOf, fail, type Logger, untilTrue } from "@berth/platform";
import type { HostAccess } from "./host-inputs.ts";
import { closeSsh } from "./machine/close-ssh.ts";
import { connectSsh, type SshTarget } from "./ssh-host.ts";
import { sshAnswers } from "./ssh-reachability.ts";

const closedTimeoutMs = 30_000;
/** So long it must stay shut to count as shut: sshd is away for a moment in a first boot or a restart. */
const shutForMs = 3_000;

async function staysShut(openStream: (port: number) => Promise<Duplex>): Promise<boolean> {
  const untilMs = performance.now() + shutForMs;
  while (performance.now() < untilMs) {
    if (await sshAnswers(openStream)) return false;
    await delay(250);
  }
  return true;
}

/**
 * Takes our way in off the server: the one-time key, sshd, the open port; then looks from outside whether it is shut.
 * Doing it again is fine: a server whose port is shut is finished. Throws `unavailable` if ssh still answers in the end.
 * Call it only for a server that is known to run (its agent's heartbeat is in), for one that is off looks finished too.
 */
export async function finishProvisioning(input: HostAccess & { log: Logger }): Promise<void> {
  const { access } = input;
  if (access.kind === "process") return;
  if (await staysShut(access.openStream)) return;
  const startedMs = performance.now();
  let asked = false;
  const shut = async () => {
    asked =
      (await askToClose({ ...access, hostPublicKey: input.hostPublicKey, privateKey: input.sshPrivateKey })) || asked;
    return asked && !(await sshAnswers(access.openStream));
  };
  await untilTrue(shut, { timeoutMs: closedTimeoutMs, intervalMs: 200, what: "Closing ssh on the server" });
  input.log.info({ ms: Math.round(performance.now() - startedMs) }, "ssh is closed");
}

/** False when there was nobody to ask. A wrong host key is no half-finished server but another machine, and throws. */
async function askToClose(target: SshTarget): Promise<boolean> {
  const host = await connectSsh(target).catch((error: unknown) => {
    if (appErrorOf(error).code !== "unavailable") throw error;
    return null;
  });
  if (!host) return false;
  try {
    await closeSsh(host);
    return true;
  } finally {
    await host.close();
  }
}

/** True when the server answers as the one that was ordered: over ssh with the pinned host key, or as its folder. */
export async function isReachable(input: HostAccess): Promise<boolean> {
  const { access } = input;
  if (access.kind === "process") return true;
  try {
    const host = await connectSsh({ ...access, hostPublicKey: input.hostPublicKey, privateKey: input.sshPrivateKey });
    await host.close();
    return true;
  } catch (error) {
    const fault = appErrorOf(error);
    if (fault.code === "unavailable") return false;
    fail(fault.code, fault.publicMessage, { cause: error });
  }
}
