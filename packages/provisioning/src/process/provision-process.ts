import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Logger } from "@berth/platform";
import { z } from "zod";
import { gatewayConfig } from "../gateway-setup.ts";
import type { HostInputs, StepReport, TenantArtefacts } from "../host-inputs.ts";
import { type HostPorts, processLayout } from "../host-layout.ts";
import { runSteps } from "../host-step.ts";
import { ProcessHost } from "../process-host.ts";
import { freePorts } from "./free-ports.ts";
import { processSteps } from "./process-steps.ts";

const Ports = z.object({ gateway: z.int(), llm: z.int(), forward: z.int() });

/** The server's ports: chosen once, then kept, so that a second run finds the same server. */
async function portsOf(host: ProcessHost, rootDir: string): Promise<HostPorts> {
  const file = path.join(rootDir, "etc/berth/ports.json");
  const text = await readFile(file, "utf8").catch(() => null);
  if (text !== null) return Ports.parse(JSON.parse(text));
  const [gateway = 0, llm = 0, forward = 0] = await freePorts(3);
  const ports = { gateway, llm, forward };
  await host.putFiles([{ path: file, content: JSON.stringify(ports), mode: "0600", owner: "" }]);
  return ports;
}

/** `provisionServer` for a folder that plays a server. */
export async function provisionProcess(input: {
  rootDir: string;
  openclawDir: string;
  inputs: HostInputs;
  artefacts: TenantArtefacts;
  log: Logger;
  onStep: (report: StepReport) => void;
}): Promise<void> {
  const { rootDir, openclawDir, inputs, artefacts, log, onStep } = input;
  const host = new ProcessHost();
  const layout = processLayout({ rootDir, openclawDir, ports: await portsOf(host, rootDir) });
  const openclawConfig = gatewayConfig(inputs, layout);
  await runSteps(host, processSteps({ rootDir, openclawDir, layout, inputs, artefacts, openclawConfig }), {
    log,
    onStep,
  });
}
