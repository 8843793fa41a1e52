/** The part of a stack in which customers' servers live: the lab of mode `machine`, or a folder of processes. */
import path from "node:path";
import {
  bringUpLab,
  buildBaseImage,
  exposeToServers,
  labHostNames,
  missingRequirements,
  startAllServers,
  stopAllServers,
  takeDownLab,
} from "@berth/cloud";
import { fail } from "@berth/platform";
import { installOpenclaw, isOpenclawInstalled, openclawDirectory } from "@berth/provisioning";
import { providerAddresses, type TenantAddresses, usesEmulator } from "./hub-env.ts";
import { cacheDir, type StackOptions } from "./stack-options.ts";

export interface CustomerServers {
  labDir: string;
  addresses: TenantAddresses;
  /** Servers that ran when the stack was stopped run again. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

const httpOf = (host: string, port: number, scheme = "http"): string => `${scheme}://${host}:${port}`;

async function machines(options: StackOptions, labDir: string): Promise<CustomerServers> {
  const missing = missingRequirements({ labDir });
  if (missing.length > 0) fail("unavailable", `Mode machine cannot run here.\n${missing.join("\n")}`);
  await buildBaseImage({ labDir, cacheDir, onProgress: options.say });
  await bringUpLab({ labDir });
  const { hub, realtime, llm } = options.ports;
  const [hubName, realtimeName, anthropicName, openaiName, googleName] = labHostNames;
  const relays = await Promise.all([hub, realtime, llm].map((port) => exposeToServers({ labDir, port, target: port })));
  return {
    labDir,
    addresses: {
      hub: httpOf(hubName, hub),
      realtime: httpOf(realtimeName, realtime, "ws"),
      anthropic: httpOf(anthropicName, llm),
      openai: httpOf(openaiName, llm),
      google: httpOf(googleName, llm),
    },
    resume: () => startAllServers({ mode: "machine", labDir, cacheDir }),
    stop: async () => {
      await takeDownLab({ labDir });
      await Promise.all(relays.map((relay) => relay.close()));
    },
  };
}

async function processes(options: StackOptions, labDir: string): Promise<CustomerServers> {
  const openclaw = openclawDirectory(cacheDir);
  if (!isOpenclawInstalled(openclaw)) {
    options.say("Installing the pinned OpenClaw (about a minute, once)");
    await installOpenclaw(openclaw);
  }
  const { hub, realtime, llm } = options.ports;
  const here = "127.0.0.1";
  return {
    labDir,
    addresses: {
      hub: httpOf(here, hub),
      realtime: httpOf(here, realtime, "ws"),
      anthropic: httpOf(here, llm),
      openai: httpOf(here, llm),
      google: httpOf(here, llm),
    },
    resume: () => startAllServers({ mode: "process", labDir }),
    stop: () => stopAllServers({ mode: "process", labDir }),
  };
}

/** Servers at a real provider reach the Hub by its public names, which only the operator knows. */
function rented(options: StackOptions, labDir: string): CustomerServers {
  const { TENANT_HUB_URL: hub, TENANT_REALTIME_URL: realtime, HETZNER_IMAGE: image } = options.env;
  if (!hub || !realtime || !image) {
    fail(
      "invalid_input",
      "With HETZNER_TOKEN also set TENANT_HUB_URL and TENANT_REALTIME_URL (the Hub's public addresses, as servers reach it) and HETZNER_IMAGE (see docs/runbooks/hetzner.md).",
    );
  }
  const addresses = { hub, realtime, ...providerAddresses };
  return { labDir, addresses, resume: async () => undefined, stop: async () => undefined };
}

/** Makes ready what customers' servers need. In mode `machine` that is the base image (once) and the lab's network. */
export async function prepareCustomerServers(options: StackOptions): Promise<CustomerServers> {
  const labDir = path.join(options.dataDir, "lab");
  if (!usesEmulator(options).servers) return rented(options, labDir);
  return options.mode === "machine" ? machines(options, labDir) : processes(options, labDir);
}
