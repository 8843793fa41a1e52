import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { lstat, mkdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { fail, reveal, sha256Hex, untilTrue } from "@berth/platform";
import { gatewayEnvironment } from "../gateway-setup.ts";
import type { Host, HostFile } from "../host.ts";
import { agentConfig, egressConfig, loopback } from "../host-configs.ts";
import type { HostInputs, TenantArtefacts } from "../host-inputs.ts";
import type { HostLayout } from "../host-layout.ts";
import { filesInPlace, filesStep, type HostStep } from "../host-step.ts";
import { vaultSeedText } from "../vault-seed.ts";
import { installOpenclaw, isOpenclawInstalled } from "./install-openclaw.ts";

export interface ProcessPlan {
  rootDir: string;
  openclawDir: string;
  layout: HostLayout;
  inputs: HostInputs;
  artefacts: TenantArtefacts;
  openclawConfig: object;
}

const own = { mode: "0600", owner: "" } as const;
const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

function directoriesStep({ layout }: ProcessPlan): HostStep {
  const { sockets } = layout;
  const dirs = [
    layout.credentialsDir,
    layout.agentStateDir,
    layout.egressStateDir,
    layout.openclawStateDir,
    layout.workspaceDir,
    path.dirname(sockets.command),
    ...[sockets.wrapper, sockets.egress, sockets.admin, sockets.proxyControl].map((file) => path.dirname(file)),
  ];
  return {
    name: "directories",
    done: async () => (await Promise.all(dirs.map(isOwnDirectory))).every(Boolean),
    apply: async () => {
      for (const dir of dirs) await mkdir(dir, { recursive: true, mode: 0o700 });
    },
  };
}

/** A folder of somebody else under the temporary one could listen in. */
async function isOwnDirectory(dir: string): Promise<boolean> {
  const found = await lstat(dir).catch(() => null);
  if (!found) return false;
  if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) {
    fail("conflict", `${dir} is not a folder of this user. Remove it and start again.`);
  }
  return true;
}

function artefactsStep({ rootDir, layout, artefacts }: ProcessPlan): HostStep {
  const versionFile = path.join(layout.berthDir, "VERSION");
  return {
    name: "artefacts",
    done: async () =>
      (await readFile(versionFile, "utf8").catch(() => "")) === artefacts.version && existsSync(layout.wrapperDir),
    async apply(host) {
      const incoming = path.join(rootDir, "opt/incoming");
      await rm(incoming, { recursive: true, force: true });
      await host.putTree(artefacts.dir, incoming);
      await host.putFiles([{ ...own, path: path.join(incoming, "opt/berth/VERSION"), content: artefacts.version }]);
      for (const dir of [layout.wrapperDir, layout.berthDir]) {
        await rm(dir, { recursive: true, force: true });
        await rename(path.join(incoming, "opt", path.basename(dir)), dir);
      }
      await rm(incoming, { recursive: true, force: true });
    },
  };
}

function credentialsStep({ layout }: ProcessPlan): HostStep {
  const files = ["vault-key", "gateway-token"].map((name) => path.join(layout.credentialsDir, name));
  return {
    name: "credentials",
    done: async () => files.every((file) => existsSync(file)),
    async apply(host) {
      const missing = files.filter((file) => !existsSync(file));
      const make = (file: string) => ({
        path: file,
        content: randomBytes(32).toString("hex"),
        mode: "0400",
        owner: "",
      });
      await host.putFiles(missing.map(make));
    },
  };
}

const configFiles = ({ layout, inputs, openclawConfig }: ProcessPlan): HostFile[] => [
  { ...own, path: layout.agentConfigFile, content: json(agentConfig(inputs, layout)) },
  { ...own, path: layout.policyFile, content: inputs.policyJws },
  { ...own, path: layout.egressConfigFile, content: json(egressConfig(layout)) },
  { ...own, path: layout.openclawConfigFile, content: json(openclawConfig) },
];

function oneTimeFilesStep({ layout, inputs }: ProcessPlan): HostStep {
  const wanted = (): HostFile[] => {
    const used = (oneTimeFile: string, madeFromIt: string) => !existsSync(oneTimeFile) && existsSync(madeFromIt);
    const enrolled = used(layout.enrolmentTokenFile, `${layout.agentStateDir}/identity.key`);
    const seeded = used(layout.vaultSeedFile, `${layout.agentStateDir}/vault.db`);
    return [
      ...(enrolled ? [] : [{ ...own, path: layout.enrolmentTokenFile, content: reveal(inputs.enrolmentToken) }]),
      ...(seeded ? [] : [{ ...own, path: layout.vaultSeedFile, content: vaultSeedText(inputs) }]),
    ];
  };
  return {
    name: "one-time files",
    done: (host) => filesInPlace(host, wanted()),
    apply: (host) => host.putFiles(wanted()),
  };
}

/** The supervisor starts a program anew when its unit file changes; so whatever it was started from is named in it. */
function unitFiles(plan: ProcessPlan): HostFile[] {
  const { layout, rootDir, artefacts } = plan;
  const revision = sha256Hex([artefacts.version, ...configFiles(plan).map((file) => file.content)].join("\n"));
  const node = layout.nodeBinary;
  const unit = (name: string, argv: string[], env: Record<string, string>, cwd: string): HostFile => ({
    ...own,
    path: path.join(rootDir, "units", `${name}.json`),
    content: json({
      name,
      argv,
      env: { ...env, BERTH_REVISION: revision },
      cwd,
      logFile: `${rootDir}/var/log/${name}.log`,
    }),
  });
  return [
    unit(
      "berth-agent",
      [node, `${layout.berthDir}/tenant-agent.mjs`, layout.agentConfigFile],
      {},
      layout.agentStateDir,
    ),
    unit(
      "berth-egress",
      [node, `${layout.berthDir}/egress-proxy.mjs`, layout.egressConfigFile],
      {},
      layout.egressStateDir,
    ),
    unit(
      "openclaw",
      [node, "--max-old-space-size=1024", layout.openclawEntry, "gateway", "run"],
      gatewayEnvironment(layout),
      layout.openclawStateDir,
    ),
  ];
}

const gatewayReady = (layout: HostLayout): Promise<boolean> =>
  fetch(`${loopback(layout.ports.gateway)}/readyz`, { signal: AbortSignal.timeout(3000) }).then(
    (response) => response.status === 200,
    () => false,
  );

const waitingStep = (name: string, timeoutMs: number, done: (host: Host) => Promise<boolean>): HostStep => ({
  name,
  done,
  apply: async (host) => {
    await untilTrue(() => done(host), { timeoutMs, intervalMs: 250, what: `The step "${name}"` });
  },
});

/** The host plan without a host: folders, files, and units for the supervisor. No users, no firewall, no isolation. */
export function processSteps(plan: ProcessPlan): HostStep[] {
  const { layout, openclawDir } = plan;
  return [
    {
      name: "openclaw",
      done: async () => isOpenclawInstalled(openclawDir),
      apply: () => installOpenclaw(openclawDir),
    },
    directoriesStep(plan),
    artefactsStep(plan),
    credentialsStep(plan),
    filesStep("configs", configFiles(plan)),
    oneTimeFilesStep(plan),
    filesStep("services", unitFiles(plan)),
    waitingStep("gateway ready", 180_000, () => gatewayReady(layout)),
    waitingStep(
      "one-time files wiped",
      60_000,
      async () => !existsSync(layout.enrolmentTokenFile) && !existsSync(layout.vaultSeedFile),
    ),
  ];
}
