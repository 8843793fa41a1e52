import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import {
  bringUpLab,
  buildBaseImage,
  exposeToServers,
  type LabHandle,
  missingRequirements,
  takeDownLab,
} from "@berth/cloud";
import { reveal } from "@berth/platform";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { provisionServer, type StepReport, type TenantArtefacts } from "./index.ts";
import { type OutsideHub, startOutsideHub } from "./testing/outside-hub.ts";
import type { ChildPlan } from "./testing/provision-child.ts";
import {
  bundleArtefacts,
  cacheDir,
  hostInputs,
  hubPort,
  provisionInput,
  type StagedServer,
  stageServer,
  testTenantId,
} from "./testing/staged-server.ts";

const missing = missingRequirements();
if (missing.length > 0 && process.env.BERTH_TEST_REQUIRE === "all") throw new Error(missing.join(" "));
const serverName = "tenant-broken";

/** Runs the plan in a process of its own and kills it with -9 once `lastStep` is done; answers the steps it did. */
async function killAfter(plan: ChildPlan, lastStep: string): Promise<string[]> {
  const script = path.join(import.meta.dirname, "testing/provision-child.ts");
  const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(plan));
  const steps: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    steps.push(line);
    if (line === lastStep) child.kill("SIGKILL");
  }
  return steps;
}

describe.skipIf(missing.length > 0)("provisioning that is broken off", () => {
  let labDir: string;
  let relay: LabHandle;
  let hub: OutsideHub;
  let artefacts: TenantArtefacts;
  let staged: StagedServer;
  const childPlan = (token: string): ChildPlan => ({
    labDir,
    serverName,
    hostPublicKey: staged.access.hostPublicKey,
    sshPrivateKey: reveal(staged.access.sshPrivateKey),
    inputs: { ...hostInputs(hub, token), enrolmentToken: token },
    artefacts,
  });
  const vaultKeyDigest = async () => (await staged.console("sha256sum /etc/berth/credentials/*")).stdout;

  beforeAll(async () => {
    labDir = await mkdtemp(path.join(tmpdir(), "berth-broken-"));
    await buildBaseImage({ labDir, cacheDir });
    await bringUpLab({ labDir });
    hub = await startOutsideHub(testTenantId);
    relay = await exposeToServers({ labDir, port: hubPort, target: hub.port });
    artefacts = await bundleArtefacts(path.join(labDir, "bundle"));
    staged = await stageServer(labDir, serverName);
  });
  afterAll(async () => {
    await relay?.close();
    await hub?.close();
    if (labDir) await takeDownLab({ labDir });
    if (labDir) await rm(labDir, { recursive: true, force: true });
  });

  test("a kill in the middle of the upload, before the firewall and while the gateway starts: the next run ends it well", async () => {
    const first = await killAfter(childPlan("token-number-one-of-three"), "log limits");
    expect(first.at(-1)).toBe("log limits");
    const second = await killAfter(childPlan("token-number-two-of-three"), "units");
    expect(second.at(-1)).toBe("units");
    const keys = await vaultKeyDigest();
    const third = await killAfter(childPlan("token-number-three-of-three"), "services");
    expect(third).not.toContain("gateway ready");

    const steps: StepReport[] = [];
    await provisionServer(
      provisionInput(staged, { inputs: hostInputs(hub, "token-number-four-comes-late"), artefacts }, steps),
    );
    // The third run's token was the newest when the agent started; it enrolled once, with that one or the last.
    expect(hub.tokens).toHaveLength(1);
    expect(["token-number-three-of-three", "token-number-four-comes-late"]).toContain(hub.tokens[0]);
    expect(await vaultKeyDigest()).toBe(keys);
    const left = await staged.console("ls -A /var/lib/berth-agent /opt; ls /etc/berth /etc/berth/credentials");
    expect(left.stdout).not.toMatch(/enrolment-token|vault-seed|\.new|incoming/);

    const again: StepReport[] = [];
    await provisionServer(
      provisionInput(staged, { inputs: hostInputs(hub, "token-number-five-is-not-needed"), artefacts }, again),
    );
    expect(again.filter((step) => step.changed)).toEqual([]);
  });

  test("a new version of the services replaces the old one whole, and only then are they restarted", async () => {
    const marked = { ...artefacts, version: "another-version" };
    const steps: StepReport[] = [];
    await provisionServer(
      provisionInput(staged, { inputs: hostInputs(hub, "token-is-not-needed"), artefacts: marked }, steps),
    );
    expect(steps.filter((step) => step.changed).map((step) => step.name)).toEqual(
      expect.arrayContaining(["artefacts", "services"]),
    );
    expect((await staged.console("cat /opt/berth/VERSION")).stdout).toBe("another-version");
  });
});
