import { fail, type Logger } from "@berth/platform";
import { gatewayConfig } from "./gateway-setup.ts";
import type { HostAccess, HostInputs, StepReport, TenantArtefacts } from "./host-inputs.ts";
import { machineLayout } from "./host-layout.ts";
import { runSteps } from "./host-step.ts";
import { machineSteps } from "./machine/machine-steps.ts";
import { openclawDirectory } from "./process/install-openclaw.ts";
import { provisionProcess } from "./process/provision-process.ts";
import { connectSshPatiently } from "./ssh-host.ts";

export interface ProvisionServerInput extends HostAccess {
  inputs: HostInputs;
  artefacts: TenantArtefacts;
  /** Mode `process` only: where the pinned OpenClaw is, or is to be installed. */
  openclawDir?: string;
  log: Logger;
  onStep?: (report: StepReport) => void;
}

/**
 * Makes a fresh server a tenant's: from users and firewall to a running gateway and an agent that has enrolled. May be
 * broken off anywhere and run again; run on a finished server it changes nothing. Throws `unavailable` when a step does
 * not take or the server is lost, `unauthenticated` when it is not the server that was ordered.
 */
export async function provisionServer(input: ProvisionServerInput): Promise<void> {
  const { access, inputs, artefacts, log } = input;
  const onStep = input.onStep ?? (() => {});
  if ((access.kind === "ssh") !== (inputs.isolation === "machine")) {
    fail("invalid_input", "The server's isolation is not the one that was ordered.");
  }
  if (access.kind === "process") {
    const openclawDir = input.openclawDir ?? openclawDirectory();
    return provisionProcess({ rootDir: access.rootDir, openclawDir, inputs, artefacts, log, onStep });
  }
  const host = await connectSshPatiently({
    ...access,
    hostPublicKey: input.hostPublicKey,
    privateKey: input.sshPrivateKey,
  });
  try {
    const openclawConfig = gatewayConfig(inputs, machineLayout);
    await runSteps(host, machineSteps({ inputs, artefacts, openclawConfig }), { log, onStep });
  } finally {
    await host.close();
  }
}
