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

const Ports = z.object({ gateway: z.int(), llm: z.int(), forward: z.int(), channel: z.int() });

/** The server's ports: chosen once, then kept, so that a second run finds the same server. */
async function portsOf(host: ProcessHost, rootDir: string): Promise<HostPorts> {
  const file = path.join(rootDir, "etc/berth/ports.json");
  const text = await readFile(file, "utf8").catch(() => null);
  // A server of an older version lacks the newest door.
  const known = text === null ? {} : Ports.partial().parse(JSON.parse(text));
  const kept = Ports.safeParse(known);
  if (kept.success) return kept.data;
  const [gateway = 0, llm = 0, forward = 0, channel = 0] = await freePorts(4);
  const ports = { gateway, llm, forward, channel, ...known };
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
