import path from "node:path";
import { createHetznerProvider, createLocalDns, createLocalProvider, type VpsProvider } from "@berth/cloud";
import { createHubDeps, type Deps, loadSealKey, type Provisioning } from "@berth/core";
import { type Clock, type Logger, secretOf } from "@berth/platform";
import {
  cloudInitUserData,
  finishProvisioning,
  generateSshKeyPair,
  isReachable,
  provisionServer,
} from "@berth/provisioning";
import type { WorkerSettings } from "./settings.ts";

/** Everything that the worker's verbs reach: the Hub's part, the provider of servers, and the host plan. */
export function createDeps(settings: WorkerSettings, platform: { clock: Clock; log: Logger }): Deps {
  const keyOf = (value: string | undefined) => (value ? secretOf(value) : null);
  return {
    ...createHubDeps(settings, platform),
    vps: vpsProviderOf(settings),
    dns: createLocalDns({ labDir: settings.LAB_DIR }),
    provision: provisioningWith(settings.TENANT_ARTEFACT_DIR),
    sealKey: loadSealKey(settings.HUB_SEAL_KEY_FILE),
    llmKeys: {
      anthropic: keyOf(settings.LLM_ANTHROPIC_KEY),
      openai: keyOf(settings.LLM_OPENAI_KEY),
      google: keyOf(settings.LLM_GOOGLE_KEY),
    },
  };
}

function vpsProviderOf(settings: WorkerSettings): VpsProvider {
  if (settings.VPS_PROVIDER === "hetzner") {
    const { HETZNER_TOKEN, HETZNER_IMAGE: image, HETZNER_LOCATION: location } = settings;
    return createHetznerProvider({ token: secretOf(HETZNER_TOKEN), image, location });
  }
  return createLocalProvider({
    mode: settings.LOCAL_MODE,
    labDir: settings.LAB_DIR,
    cacheDir: settings.LAB_CACHE_DIR,
  });
}

function provisioningWith(artefactDir: string): Provisioning {
  const dir = path.resolve(artefactDir);
  const artefacts = { dir, version: path.basename(dir) };
  return {
    generateKeys: () => ({ hostKey: generateSshKeyPair("host"), sshKey: generateSshKeyPair("provisioning") }),
    cloudInitUserData,
    isReachable,
    provisionServer: (input) => provisionServer({ ...input, artefacts }),
    finishProvisioning,
  };
}
