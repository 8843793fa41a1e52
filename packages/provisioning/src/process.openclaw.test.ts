import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createLocalProvider, type VpsProvider } from "@berth/cloud";
import { AgentConfig } from "@berth/contracts";
import { secretOf, untilTrue } from "@berth/platform";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  finishProvisioning,
  type HostAccess,
  isReachable,
  provisionServer,
  type StepReport,
  type TenantArtefacts,
} from "./index.ts";
import { type OutsideHub, startOutsideHub } from "./testing/outside-hub.ts";
import { bundleArtefacts, hostInputs, plantedSecret, quietLog, testTenantId } from "./testing/staged-server.ts";

let labDir: string;
let rootDir: string;
let hub: OutsideHub;
let provider: VpsProvider;
let access: HostAccess;
let artefacts: TenantArtefacts;

const token = "enrolment-token-of-a-folder";
const provision = async (): Promise<StepReport[]> => {
  const steps: StepReport[] = [];
  const inputs = { ...hostInputs(hub, token), isolation: "process" as const, hubUrl: `http://127.0.0.1:${hub.port}` };
  await provisionServer({ ...access, inputs, artefacts, log: quietLog, onStep: (step) => steps.push(step) });
  return steps;
};

beforeAll(async () => {
  labDir = await mkdtemp(path.join(tmpdir(), "berth-process-"));
  hub = await startOutsideHub(testTenantId);
  artefacts = await bundleArtefacts(path.join(labDir, "bundle"));
  provider = createLocalProvider({ mode: "process", labDir });
  const spec = { name: "tenant-folder", cores: 2, memoryMb: 4096, diskGb: 40, userData: "", labels: {} };
  const server = await provider.createServer(spec);
  if (server.access.kind !== "process") throw new TypeError("mode process gives a folder");
  rootDir = server.access.rootDir;
  access = { access: server.access, hostPublicKey: "", sshPrivateKey: secretOf("") };
});
afterAll(async () => {
  for (const server of (await provider?.listServers()) ?? []) await provider.destroyServer(server.id);
  await hub?.close();
  if (labDir) await rm(labDir, { recursive: true, force: true });
});

test("a folder becomes a tenant's server: a ready gateway, an enrolled agent, no one-time file, nothing secret in units", async () => {
  expect(await isReachable(access)).toBe(true);
  await provision();
  expect(hub.tokens).toEqual([token]);
  const state = readdirSync(path.join(rootDir, "var/lib/berth-agent"));
  expect(state).toEqual(expect.arrayContaining(["identity.key", "vault.db"]));
  expect(state).not.toContain("enrolment-token");
  expect(state).not.toContain("vault-seed.json");
  const units = readdirSync(path.join(rootDir, "units"));
  expect(units.sort()).toEqual(["berth-agent.json", "berth-egress.json", "openclaw.json"]);
  for (const unit of units) {
    const text = readFileSync(path.join(rootDir, "units", unit), "utf8");
    for (const secret of [token, plantedSecret]) expect(text).not.toContain(secret);
  }
  expect(((await stat(path.join(rootDir, "etc/berth/credentials/vault-key"))).mode & 0o777).toString(8)).toBe("400");
});

test("its sockets' paths are short enough for the kernel, and its ports are its own", async () => {
  const config = AgentConfig.parse(JSON.parse(readFileSync(path.join(rootDir, "etc/berth/agent.json"), "utf8")));
  for (const socket of Object.values(config.sockets)) expect(Buffer.byteLength(socket)).toBeLessThan(104);
  expect(existsSync(config.sockets.wrapper)).toBe(true);
  expect(new URL(config.gatewayUrl).port).not.toBe("18789");
  expect((await fetch(`${config.gatewayUrl}/readyz`)).status).toBe(200);
});

test("a second run changes nothing, and a server that was off and on again is ready without one", async () => {
  expect((await provision()).filter((step) => step.changed)).toEqual([]);
  const [server] = await provider.listServers();
  await provider.reboot(server!.id);
  const { gatewayUrl } = AgentConfig.parse(
    JSON.parse(readFileSync(path.join(rootDir, "etc/berth/agent.json"), "utf8")),
  );
  const ready = () =>
    fetch(`${gatewayUrl}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
  await untilTrue(ready, { timeoutMs: 60_000, intervalMs: 300, what: "The gateway after the reboot" });
});

test("there is no key to take off, and finishing says so by doing nothing", async () => {
  await finishProvisioning({ ...access, log: quietLog });
  expect(await isReachable(access)).toBe(true);
});

test("a server of the other kind than ordered is refused", async () => {
  const inputs = hostInputs(hub, token);
  await expect(provisionServer({ ...access, inputs, artefacts, log: quietLog })).rejects.toMatchObject({
    code: "invalid_input",
  });
});
