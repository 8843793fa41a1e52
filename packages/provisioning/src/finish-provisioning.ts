import { appErrorOf, fail, type Logger, untilTrue } from "@berth/platform";
import type { HostAccess } from "./host-inputs.ts";
import { closeSsh } from "./machine/close-ssh.ts";
import { connectSsh } from "./ssh-host.ts";
import { sshAnswers } from "./ssh-reachability.ts";

const closedTimeoutMs = 30_000;

/**
 * Takes our way in off the server: the one-time key, sshd, the open port; then looks from outside whether it is shut.
 * Doing it again is fine: a server whose port is shut is finished. Throws `unavailable` if ssh still answers in the end.
 * Call it only for a server that is known to run (its agent's heartbeat is in), for one that is off looks finished too.
 */
export async function finishProvisioning(input: HostAccess & { log: Logger }): Promise<void> {
  const { access } = input;
  if (access.kind === "process") return;
  if (!(await sshAnswers(access.openStream))) return;
  const host = await connectSsh({
    ...access,
    hostPublicKey: input.hostPublicKey,
    privateKey: input.sshPrivateKey,
  }).catch((error: unknown) => {
    // A wrong host key is no half-finished server but another machine.
    if (appErrorOf(error).code === "unauthenticated") throw error;
    return null;
  });
  if (host) {
    try {
      await closeSsh(host);
    } finally {
      await host.close();
    }
  }
  const startedMs = performance.now();
  await untilTrue(async () => !(await sshAnswers(access.openStream)), {
    timeoutMs: closedTimeoutMs,
    intervalMs: 200,
    what: "Closing ssh on the server",
  });
  input.log.info({ ms: Math.round(performance.now() - startedMs) }, "ssh is closed");
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
