import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { createLocalProvider, type ProviderServer, runOnServer, type VpsProvider } from "@berth/cloud";
import { createLogger, secretOf, untilTrue } from "@berth/platform";
import {
  cloudInitUserData,
  generateSshKeyPair,
  type HostAccess,
  type HostInputs,
  isReachable,
  type ProvisionServerInput,
  type SshKeyPair,
  type StepReport,
  type TenantArtefacts,
} from "../index.ts";
import type { OutsideHub } from "./outside-hub.ts";

export const repository = path.resolve(import.meta.dirname, "../../../..");
export const cacheDir = process.env.BERTH_IMAGE_CACHE ?? path.join(repository, ".berth/cache");
export const testTenantId = "tnt_00000000000000000000000000000001";
/** Port of the relay to the Hub, inside the lab. */
export const hubPort = 3001;
export const plantedSecret = "planted-7f3a9c51e2";

export interface StagedServer {
  provider: VpsProvider;
  server: ProviderServer;
  hostKey: SshKeyPair;
  access: HostAccess;
  /** Runs a shell line as root from the console. */
  console(line: string): Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** A fresh server of the lab that answers over ssh. */
export async function stageServer(labDir: string, name: string): Promise<StagedServer> {
  const provider = createLocalProvider({ mode: "machine", labDir, cacheDir });
  const [hostKey, sshKey] = [generateSshKeyPair(), generateSshKeyPair()];
  const userData = cloudInitUserData({ hostKey, authorizedKey: sshKey.publicKey });
  const spec = { name, cores: 2, memoryMb: 4096, diskGb: 40, userData, labels: {} };
  const server = await provider.createServer(spec);
  const access = { access: server.access, hostPublicKey: hostKey.publicKey, sshPrivateKey: sshKey.privateKey };
  await untilTrue(() => isReachable(access), { timeoutMs: 60_000, intervalMs: 200, what: "ssh on the new server" });
  const console = (line: string) => runOnServer({ labDir, name, argv: ["sh", "-c", line], timeoutMs: 60_000 });
  // sshd restarts once while cloud-init ends; tests want to know when it is away.
  await console("cloud-init status --wait");
  return { provider, server, hostKey, access, console };
}

/** The real services, bundled for this machine's kind of processor. */
export async function bundleArtefacts(outDir: string): Promise<TenantArtefacts> {
  const script = path.join(repository, "scripts/bundle-tenant.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, "--out", outDir]);
  return JSON.parse(stdout);
}

export const hostInputs = (hub: Pick<OutsideHub, "hubKeys" | "policyJws">, token: string): HostInputs => ({
  tenantId: testTenantId,
  isolation: "machine",
  hubUrl: `http://hub.berth.test:${hubPort}`,
  realtimeUrl: `ws://realtime.berth.test:${hubPort}`,
  hubKeys: hub.hubKeys,
  enrolmentToken: secretOf(token),
  policyJws: hub.policyJws,
  llm: { anthropic: { baseUrl: "http://anthropic.berth.test:3006" } },
  vaultSeed: [
    {
      name: "llm-anthropic-key",
      value: plantedSecret,
      owner: "operator",
      bindings: { tools: [], hosts: [], methods: [] },
    },
  ],
});

export const quietLog = createLogger({ service: "provisioning-test", level: "silent" });

export const provisionInput = (
  staged: Pick<StagedServer, "access">,
  plan: { inputs: HostInputs; artefacts: TenantArtefacts },
  steps: StepReport[] = [],
): ProvisionServerInput => ({ ...staged.access, ...plan, log: quietLog, onStep: (step) => steps.push(step) });
