import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  bringUpLab,
  buildBaseImage,
  exposeToServers,
  type LabHandle,
  type LabListeners,
  missingRequirements,
  startLabListeners,
  takeDownLab,
} from "@berth/cloud";
import { CommandResult } from "@berth/contracts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { provisionServer } from "./index.ts";
import { type OutsideHub, startOutsideHub } from "./testing/outside-hub.ts";
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

/** Prints `reached` when the other side answers, else the error; the words are a protocol, host and port. */
const attemptPy = `import socket, sys
kind, host, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
family = socket.AF_INET6 if ":" in host else socket.AF_INET
s = socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
s.settimeout(2)
try:
    s.connect((host, port))
    if kind == "udp": s.send(bytes.fromhex("123401000001000000000000076578616d706c6503636f6d0000010001"))
    if kind == "http": s.send(b"GET / HTTP/1.0\\r\\n\\r\\n")
    print("reached" if s.recv(100) else "nothing came")
except OSError as e: print(type(e).__name__, e)
`;

/** One job line to the command unit, its one answer to stdout. */
const askPy = `import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect("/run/berth/command.sock"); s.sendall(sys.stdin.buffer.read())
out = b""
while True:
    part = s.recv(65536)
    if not part: break
    out += part
print(out.decode())
`;

type Name = "tcp" | "dns" | "ipv6" | "metadata";
type Counter = "openclaw" | "agent" | "egress" | "others" | "metadata";

describe.skipIf(missing.length > 0)("who may reach what from a server", () => {
  let labDir: string;
  let relay: LabHandle;
  let hub: OutsideHub;
  let listeners: LabListeners;
  let staged: StagedServer;

  const attempt = async (user: string, kind: string, host: string, port: number): Promise<string> => {
    const line = `setpriv --reuid ${user} --regid ${user} --clear-groups python3 /tmp/attempt.py ${kind} ${host} ${port}`;
    return (await staged.console(user === "root" ? line.slice(line.indexOf("python3")) : line)).stdout.trim();
  };
  const reach = (user: string, name: Name) => {
    const kind = { tcp: "tcp", dns: "udp", ipv6: "tcp", metadata: "http" }[name];
    return attempt(user, kind, listeners[name].host, listeners[name].port);
  };
  const refusals = async (counter: Counter): Promise<number> => {
    const { stdout } = await staged.console(`nft -j list counter inet berth refused_${counter}`);
    const [, entry] = JSON.parse(stdout).nftables;
    return entry.counter.packets;
  };
  const command = async (line: string): Promise<CommandResult> => {
    const job = { command: line, cwd: "/workspace", secrets: [], timeoutMs: 20_000, maxOutputBytes: 10_000 };
    const quoted = JSON.stringify(job).replaceAll("'", `'\\''`);
    const ran = await staged.console(`printf '%s\\n' '${quoted}' | runuser -u berth-agent -- python3 /tmp/ask.py`);
    return CommandResult.parse(JSON.parse(ran.stdout));
  };
  const policyOff = () => staged.console("nft delete table inet berth");
  const policyOn = () => staged.console("systemctl reload berth-firewall");

  /** The same call twice: refused and counted with the policy, answered without it. */
  async function expectRefused(counter: Counter, call: () => Promise<string>, hits: () => number = () => 0) {
    const [countedBefore, hitsBefore] = [await refusals(counter), hits()];
    expect(await call()).not.toBe("reached");
    expect(await refusals(counter)).toBeGreaterThan(countedBefore);
    expect(hits()).toBe(hitsBefore);
    await policyOff();
    expect(await call()).toBe("reached");
    await policyOn();
    expect(await call()).not.toBe("reached");
  }

  beforeAll(async () => {
    labDir = await mkdtemp(path.join(tmpdir(), "berth-policy-"));
    await buildBaseImage({ labDir, cacheDir });
    await bringUpLab({ labDir });
    hub = await startOutsideHub(testTenantId);
    relay = await exposeToServers({ labDir, port: hubPort, target: hub.port });
    listeners = await startLabListeners({ labDir });
    const artefacts = await bundleArtefacts(path.join(labDir, "bundle"));
    staged = await stageServer(labDir, "tenant-policy");
    await provisionServer(
      provisionInput(staged, { inputs: hostInputs(hub, "policy-test-enrolment-token"), artefacts }),
    );
    await staged.console(
      `cat > /tmp/attempt.py <<'E'\n${attemptPy}E\ncat > /tmp/ask.py <<'E'\n${askPy}E\nchmod 644 /tmp/*.py`,
    );
  });
  beforeEach(async () => {
    await policyOn();
  });
  afterAll(async () => {
    await listeners?.close();
    await relay?.close();
    await hub?.close();
    if (labDir) await takeDownLab({ labDir });
    if (labDir) await rm(labDir, { recursive: true, force: true });
  });

  test("the gateway's user opens no TCP connection to the network", () =>
    expectRefused("openclaw", () => reach("openclaw", "tcp"), listeners.tcp.hits));
  test("the gateway's user asks no resolver", () =>
    expectRefused("openclaw", () => reach("openclaw", "dns"), listeners.dns.hits));
  test("the gateway's user has no way out over IPv6", () =>
    expectRefused("openclaw", () => reach("openclaw", "ipv6"), listeners.ipv6.hits));
  test.each(["openclaw", "berth-agent", "berth-egress", "root"])("%s does not reach the metadata service", (user) =>
    expectRefused("metadata", () => reach(user, "metadata"), listeners.metadata.hits),
  );
  test.each(["root", "berth-command", "daemon"])("%s opens no connection to the network", (user) =>
    expectRefused("others", () => reach(user, "tcp"), listeners.tcp.hits),
  );
  test.each(["berth-agent", "berth-egress"])("%s reaches the network", async (user) => {
    for (const name of ["tcp", "dns", "ipv6"] as const) expect(await reach(user, name)).toBe("reached");
  });

  test.each([
    ["openclaw", "openclaw"],
    ["berth-agent", "agent"],
    ["berth-egress", "egress"],
    ["berth-command", "others"],
  ] as const)("%s does not reach somebody else's port on loopback", async (user, counter) => {
    // sshd answers on every address: it stands for a tool stack's admin port.
    await expectRefused(counter, () => attempt(user, "tcp", "127.0.0.1", 22));
    await expectRefused(counter, () => attempt(user, "tcp", "::1", 22));
  });

  test("the gateway's user reaches the proxy's LLM port and not its forward port", async () => {
    expect(await attempt("openclaw", "http", "127.0.0.1", 18790)).toBe("reached");
    await expectRefused("openclaw", () => attempt("openclaw", "http", "127.0.0.1", 18791));
  });

  test("a UDP port that another user has just left is no way out", async () => {
    const from = (user: string) =>
      staged.console(
        `setpriv --reuid ${user} --regid ${user} --clear-groups python3 -c 'import socket; s=socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("0.0.0.0", 45678)); s.settimeout(2); s.connect(("${listeners.dns.host}", 53)); s.send(bytes.fromhex("123401000001000000000000076578616d706c6503636f6d0000010001")); print(len(s.recv(500)) > 0)'`,
      );
    expect((await from("berth-egress")).stdout.trim()).toBe("True");
    expect((await from("openclaw")).code).not.toBe(0);
  });

  test("a command has no network, not even loopback, and sees none of our files", async () => {
    const hello = await command("echo hello; id -un; echo text > made && ls -l made");
    expect(hello).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("hello\nberth-command\n") });
    expect(hello.stdout).toContain("berth-command berth-workspace");

    const { host, port } = listeners.tcp;
    expect((await staged.console("test -S /run/dbus/system_bus_socket")).code).toBe(0);
    expect((await command("ls /run/dbus")).exitCode).not.toBe(0);

    const overNetwork = `timeout 3 bash -c 'exec 3<>/dev/tcp/${host}/${port}; head -c 7 <&3'`;
    expect((await command(overNetwork)).stderr).toContain("Network is unreachable");
    expect((await command("exec 3<>/dev/tcp/127.0.0.1/18790")).exitCode).not.toBe(0);
    await policyOff();
    expect((await staged.console(overNetwork)).stdout).toBe("lab-tcp");
    await policyOn();

    for (const hidden of ["/etc/berth/agent.json", "/var/lib/berth-agent/vault.db", "/run/berth/admin/agent.sock"]) {
      expect((await command(`ls -l ${hidden}`)).exitCode, hidden).not.toBe(0);
      expect((await staged.console(`ls -l ${hidden}`)).code, hidden).toBe(0);
    }
    expect((await command("echo x > /etc/made; echo x > /opt/berth/made")).exitCode).not.toBe(0);
    expect((await command("ls -d /proc/[0-9]* | wc -l")).stdout.trim()).toMatch(/^[1-9]$/);
  });

  test("what a command leaves running is dead before its connection ends, whatever it does about signals", async () => {
    const stays =
      "setsid sh -c 'trap \"\" TERM HUP; touch stays; sleep 300' >/dev/null 2>&1 & until [ -e stays ]; do :; done";
    expect((await command(stays)).exitCode).toBe(0);
    expect((await staged.console("ls /workspace/stays; pgrep -u berth-command")).stdout.trim()).toBe(
      "/workspace/stays",
    );
  });

  test("a command has limits: one that eats memory is ended, and the server goes on", async () => {
    const limits = await staged.console(
      "systemctl show berth-command@x -P MemoryMax -P TasksMax -P CPUQuotaPerSecUSec",
    );
    expect(limits.stdout.split("\n").slice(0, 3)).toEqual(expect.arrayContaining(["536870912", "128", "1s"]));
    const eats = "head -c 900M /dev/zero | tail -c 899M | wc -c";
    expect((await staged.console(eats)).stdout.trim()).toBe("942669824");
    expect((await command(eats)).stdout).not.toContain("942669824");
    expect((await staged.console("systemctl is-active berth-agent berth-command.socket")).stdout).toBe(
      "active\nactive\n",
    );
    expect((await command("echo on")).stdout).toBe("on\n");
  });

  test("only the agent's user may have commands run, and only the right users reach the agent", async () => {
    const connect = (user: string, socket: string) =>
      staged.console(
        `runuser -u ${user} -- python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect("${socket}")'`,
      );
    const allowed: [string, string][] = [
      ["berth-agent", "/run/berth/command.sock"],
      ["openclaw", "/run/berth/wrapper/agent.sock"],
      ["berth-egress", "/run/berth/egress/agent.sock"],
      ["berth-agent", "/run/berth/proxy/control.sock"],
    ];
    const users = ["openclaw", "berth-agent", "berth-egress", "berth-command", "nobody"];
    const owner: Record<string, string> = { "/run/berth/proxy/control.sock": "berth-egress" };
    for (const [friend, socket] of allowed) {
      for (const user of users) {
        const may = user === friend || user === (owner[socket] ?? "berth-agent");
        expect((await connect(user, socket)).code === 0, `${user} to ${socket}`).toBe(may);
      }
    }
  });
});
