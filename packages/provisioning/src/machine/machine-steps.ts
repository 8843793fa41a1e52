import { sha256Hex } from "@berth/platform";
import type { HostFile } from "../host.ts";
import { agentConfig, egressConfig } from "../host-configs.ts";
import type { HostInputs, TenantArtefacts } from "../host-inputs.ts";
import { machineLayout } from "../host-layout.ts";
import { filesStep, type HostStep } from "../host-step.ts";
import { oneTimeFilesStep } from "./one-time-files-step.ts";
import { firewallStep, readyStep, startStep, unitFiles, unitsStep, wipedStep } from "./service-steps.ts";
import { systemSteps } from "./system-steps.ts";

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** The configuration files; each process may read its own and change none. */
function configFiles(inputs: HostInputs, openclawConfig: object): HostFile[] {
  const layout = machineLayout;
  return [
    {
      path: layout.agentConfigFile,
      content: json(agentConfig(inputs, layout)),
      mode: "0640",
      owner: "root:berth-agent",
    },
    { path: layout.policyFile, content: inputs.policyJws, mode: "0640", owner: "root:berth-agent" },
    { path: layout.egressConfigFile, content: json(egressConfig(layout)), mode: "0640", owner: "root:berth-egress" },
    { path: layout.openclawConfigFile, content: json(openclawConfig), mode: "0640", owner: "root:openclaw" },
  ];
}

/** The whole host plan of a VPS, in order. Nothing of ours runs before the firewall is loaded. */
export function machineSteps(plan: {
  inputs: HostInputs;
  artefacts: TenantArtefacts;
  openclawConfig: object;
}): HostStep[] {
  const { inputs, artefacts } = plan;
  const configs = configFiles(inputs, plan.openclawConfig);
  const started = [artefacts.version, ...[...configs, ...unitFiles()].map((file) => `${file.path}\n${file.content}`)];
  return [
    ...systemSteps(artefacts),
    filesStep("configs", configs),
    oneTimeFilesStep(inputs, machineLayout),
    unitsStep(),
    firewallStep(machineLayout),
    startStep(sha256Hex(started.join("\n"))),
    readyStep(machineLayout),
    wipedStep(machineLayout),
  ];
}
