import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  bringUpLab,
  buildBaseImage,
  exposeToServers,
  type LabHandle,
  missingRequirements,
  takeDownLab,
} from "@berth/cloud";
import { untilTrue } from "@berth/platform";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HostFile } from "./host.ts";
import { filesInPlace } from "./host-step.ts";
import {
  finishProvisioning,
  generateSshKeyPair,
  isReachable,
  provisionServer,
  type StepReport,
  type TenantArtefacts,
} from "./index.ts";
import { connectSsh } from "./ssh-host.ts";
import { sshAnswers } from "./ssh-reachability.ts";
import { type OutsideHub, startOutsideHub } from "./testing/outside-hub.ts";
import {
  bundleArtefacts,
  cacheDir,
  hostInputs,
  hubPort,
  plantedSecret,
  provisionInput,
  quietLog,
  type StagedServer,
  stageServer,
  testTenantId,
} from "./testing/staged-server.ts";

const missing = missingRequirements();
if (missing.length > 0 && process.env.BERTH_TEST_REQUIRE === "all") throw new Error(missing.join(" "));
const token = "enrolment-token-of-the-first-run";
const services = "openclaw berth-agent berth-egress";

describe.skipIf(missing.length > 0)("provisioning a real server", () => {
  let labDir: string;
  let relay: LabHandle;
  let hub: OutsideHub;
  let artefacts: TenantArtefacts;
  let staged: StagedServer;
  const plan = () => ({ inputs: hostInputs(hub, token), artefacts });
  const pids = async () => (await staged.console(`systemctl show -P MainPID ${services}`)).stdout;
  const openStream = (port: number) => {
    if (staged.server.access.kind !== "ssh") throw new TypeError("a machine has ssh access");
    return staged.server.access.openStream(port);
  };

  beforeAll(async () => {
    labDir = await mkdtemp(path.join(tmpdir(), "berth-provisioning-"));
    await buildBaseImage({ labDir, cacheDir });
    await bringUpLab({ labDir });
    hub = await startOutsideHub(testTenantId);
    relay = await exposeToServers({ labDir, port: hubPort, target: hub.port });
    artefacts = await bundleArtefacts(path.join(labDir, "bundle"));
    staged = await stageServer(labDir, "tenant-one");
  });
  afterAll(async () => {
    await relay?.close();
    await hub?.close();
    if (labDir) await takeDownLab({ labDir });
    if (labDir) await rm(labDir, { recursive: true, force: true });
  });

  test("another machine with another host key is not talked to", async () => {
    const foreign = { ...staged.access, hostPublicKey: generateSshKeyPair().publicKey };
    await expect(isReachable(foreign)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(provisionServer(provisionInput({ access: foreign }, plan()))).rejects.toMatchObject({
      code: "unauthenticated",
    });
    await expect(finishProvisioning({ ...foreign, log: quietLog })).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(isReachable(staged.access)).resolves.toBe(true);
  });

  test("files arrive whole, with their mode and owner, whatever is in them or in their names", async () => {
    if (staged.server.access.kind !== "ssh") throw new TypeError("a machine has ssh access");
    const { hostPublicKey, sshPrivateKey: privateKey } = staged.access;
    const host = await connectSsh({ ...staged.server.access, hostPublicKey, privateKey });
    try {
      const files: HostFile[] = [
        { path: "/tmp/new folder/it's $(odd)", content: "a\nb", mode: "0640", owner: "root:daemon" },
        { path: "/tmp/new folder/empty", content: "", mode: "0400", owner: "daemon:daemon" },
        { path: "/tmp/new folder/long", content: "é".repeat(700_000), mode: "0600", owner: "root:root" },
        { path: "/tmp/new folder/last", content: "the end", mode: "0644", owner: "root:root" },
      ];
      await host.putFiles(files);
      expect(await filesInPlace(host, files)).toBe(true);
      expect(await filesInPlace(host, [{ ...files[0]!, content: "a\nc" }])).toBe(false);
      expect(await filesInPlace(host, [{ ...files[0]!, mode: "0644" }])).toBe(false);
      expect((await staged.console("ls '/tmp/new folder'")).stdout.trim().split("\n")).toHaveLength(4);
      const failed = await host.exec(["sh", "-c", "cat; echo oops >&2; exit 3"], { stdin: "said" });
      expect(failed).toEqual({ code: 3, stdout: "said", stderr: "oops\n" });
    } finally {
      await host.close();
    }
  });

  test("a fresh server ends with a ready gateway, an enrolled agent, a filled vault and no one-time file", async () => {
    const steps: StepReport[] = [];
    await provisionServer(provisionInput(staged, plan(), steps));
    expect(steps.find((step) => step.name === "services")?.changed).toBe(true);
    expect(hub.tokens).toEqual([token]);
    const files = (await staged.console("ls /var/lib/berth-agent")).stdout.split("\n");
    expect(files).toEqual(expect.arrayContaining(["identity.key", "vault.db", "ledger.db"]));
    expect(files).not.toContain("enrolment-token");
    expect(files).not.toContain("vault-seed.json");
    const running = await staged.console(`systemctl is-active ${services} berth-command.socket berth-firewall`);
    expect(running.stdout).toBe("active\n".repeat(5));
    const vault = "/opt/node24/bin/node /opt/berth/berth-vault.mjs list";
    expect((await staged.console(vault)).stdout).toContain("llm-anthropic-key");
  });

  test("keys made on the server stay there, and each process may read its own files only", async () => {
    const modes =
      "stat -c '%a %U:%G' /etc/berth/credentials/vault-key /etc/berth/credentials/gateway-token /etc/openclaw/openclaw.json /etc/berth/agent.json /var/lib/berth-agent/vault.db";
    expect((await staged.console(modes)).stdout.split("\n").slice(0, 4)).toEqual([
      "400 root:root",
      "400 root:root",
      "640 root:openclaw",
      "640 root:berth-agent",
    ]);
    const readAs = (user: string, file: string) => staged.console(`runuser -u ${user} -- cat ${file} > /dev/null`);
    for (const [user, file] of [
      ["openclaw", "/var/lib/berth-agent/vault.db"],
      ["openclaw", "/etc/berth/credentials/vault-key"],
      ["openclaw", "/run/credentials/berth-agent.service/vault-key"],
      ["berth-egress", "/run/credentials/berth-agent.service/vault-key"],
      ["berth-command", "/run/credentials/berth-agent.service/vault-key"],
      ["berth-egress", "/var/lib/berth-agent/vault.db"],
      ["berth-command", "/var/lib/berth-agent/vault.db"],
      ["berth-command", "/etc/openclaw/openclaw.json"],
    ] as const) {
      expect((await readAs(user, file)).stderr, `${user} ${file}`).toContain("Permission denied");
    }
    expect((await readAs("berth-agent", "/var/lib/berth-agent/vault.db")).code).toBe(0);
    expect((await readAs("openclaw", "/etc/openclaw/openclaw.json")).code).toBe(0);
    const write = await staged.console("runuser -u openclaw -- sh -c 'echo >> /etc/openclaw/openclaw.json'");
    expect(write.stderr).toContain("Permission denied");
  });

  test("a new vault key, made on the server's console, is what systemd hands to the agent after a kill -9", async () => {
    const vault = (command: string) => staged.console(`/opt/node24/bin/node /opt/berth/berth-vault.mjs ${command}`);
    const keyHash = () => staged.console("sha256sum /etc/berth/credentials/vault-key");
    const before = (await keyHash()).stdout;
    expect(await vault("rekey")).toMatchObject({ code: 0, stdout: expect.stringContaining("1 key in") });
    expect((await keyHash()).stdout).not.toBe(before);
    expect((await staged.console("stat -c '%a %U %s' /etc/berth/credentials/vault-key")).stdout).toBe("400 root 64\n");
    await staged.console("systemctl kill -s KILL berth-agent");
    await untilTrue(async () => (await vault("list")).stdout.includes("llm-anthropic-key"), {
      timeoutMs: 60_000,
      intervalMs: 500,
      what: "the vault under its new key",
    });
    expect(await vault("verify")).toMatchObject({ code: 0, stdout: expect.stringContaining("audit chain is whole") });
  });

  test("no secret that was sent is in a log, a configuration or a process's arguments", async () => {
    const look = (text: string) =>
      staged.console(
        `journalctl --no-pager -q > /tmp/journal; grep -rlF '${text}' /tmp/journal /var/log /etc /opt/berth; for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < $f; echo; done | grep -F '${text}' | grep -v 'grep -'; true`,
      );
    for (const secret of [token, plantedSecret]) expect((await look(secret)).stdout).toBe("");
    expect((await look("tenant-agent.mjs")).stdout).toContain("/opt/node24/bin/node");
  });

  test("a second run changes nothing and restarts nothing", async () => {
    const before = await pids();
    const steps: StepReport[] = [];
    await provisionServer(provisionInput(staged, plan(), steps));
    expect(steps.filter((step) => step.changed)).toEqual([]);
    expect(await pids()).toBe(before);
    expect(hub.tokens).toEqual([token]);
  });

  test("what was changed by hand is put right by the next run", async () => {
    await staged.console(
      "echo '{}' > /etc/berth/egress.json; chmod 666 /etc/berth/agent.json; nft delete table inet berth",
    );
    const steps: StepReport[] = [];
    await provisionServer(provisionInput(staged, plan(), steps));
    expect(steps.filter((step) => step.changed).map((step) => step.name)).toEqual(["configs", "firewall"]);
  });

  test("a killed gateway, agent or proxy is back by itself", async () => {
    const before = (await pids()).split("\n");
    await staged.console(`systemctl kill --signal=KILL ${services}`);
    const after = await untilTrue(
      async () => {
        const now = (await pids()).split("\n");
        return (
          now.length === before.length &&
          now.every((pid, at) => pid === "" || (pid !== "0" && pid !== before[at])) &&
          now
        );
      },
      { timeoutMs: 30_000, intervalMs: 300, what: "The services' restart" },
    );
    expect(after).not.toEqual(before);
  });

  test("in the end nothing of ours opens the server: no key, no sshd, no port, and doing it again is fine", async () => {
    expect(await sshAnswers(openStream)).toBe(true);
    await finishProvisioning({ ...staged.access, log: quietLog });
    expect(await sshAnswers(openStream)).toBe(false);
    expect(await isReachable(staged.access)).toBe(false);
    await finishProvisioning({ ...staged.access, log: quietLog });
    const left = await staged.console(
      "ls /root/.ssh/authorized_keys /var/lib/cloud/seed; pgrep -x sshd; systemctl is-active ssh",
    );
    expect(left.stdout.trim()).toBe("inactive");
    expect((await staged.console("nft list chain inet berth input")).stdout).not.toContain("dport 22");
  });

  test("after a power cycle the firewall is on, ssh stays shut and the gateway comes back", async () => {
    await staged.provider.powerOff(staged.server.id);
    await staged.provider.powerOn(staged.server.id);
    const ready = "runuser -u berth-agent -- curl -sf -o /dev/null http://127.0.0.1:18789/readyz";
    await untilTrue(
      () =>
        staged.console(ready).then(
          (ran) => ran.code === 0,
          () => false,
        ),
      {
        timeoutMs: 90_000,
        intervalMs: 500,
        what: "The gateway after the power cycle",
      },
    );
    expect(await sshAnswers(openStream)).toBe(false);
    expect((await staged.console("nft list chain inet berth output")).stdout).toContain("policy drop");
  });
});
