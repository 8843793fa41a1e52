import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { untilTrue } from "@berth/platform";
import ssh2 from "ssh2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  bringUpLab,
  buildBaseImage,
  createLocalProvider,
  exposeToServers,
  missingRequirements,
  type ProviderServer,
  runOnServer,
  type ServerSpec,
  startAllServers,
  startLabListeners,
  stopAllServers,
  takeDownLab,
} from "../../index.ts";
import { labOf } from "../lab-paths.ts";

const missing = missingRequirements();
if (missing.length > 0 && process.env.BERTH_TEST_REQUIRE === "all") throw new Error(missing.join(" "));

const cacheDir = process.env.BERTH_IMAGE_CACHE ?? path.resolve(import.meta.dirname, "../../../../../.berth/cache");

interface SshKey {
  privateKey: string;
  publicKey: string;
}

/** ssh2 cuts a public key that begins with a zero byte; such a pair is of no use. */
function sshKey(): SshKey {
  const pair = ssh2.utils.generateKeyPairSync("ed25519");
  if (Buffer.from(pair.public.split(" ")[1] ?? "", "base64").length !== 4 + 11 + 4 + 32) return sshKey();
  return { privateKey: pair.private, publicKey: pair.public };
}

const indented = (text: string) => text.trim().replaceAll("\n", "\n    ");

const userData = (hostKey: SshKey, login: SshKey) => `#cloud-config
ssh_deletekeys: true
ssh_keys:
  ed25519_private: |
    ${indented(hostKey.privateKey)}
  ed25519_public: ${hostKey.publicKey}
users:
  - name: root
    ssh_authorized_keys: ["${login.publicKey}"]
`;

const publicBytes = (key: SshKey) => Buffer.from(key.publicKey.split(" ")[1] ?? "", "base64");

/** Logs in with the host key pinned and runs one command. */
async function overSsh(server: ProviderServer, pinned: SshKey, login: SshKey, command: string): Promise<string> {
  if (server.access.kind !== "ssh") throw new TypeError("expected SSH access");
  const sock = await server.access.openStream(22);
  const client = new ssh2.Client();
  try {
    await new Promise<void>((resolve, reject) => {
      client.once("ready", resolve).once("error", reject);
      client.connect({
        sock,
        username: "root",
        privateKey: login.privateKey,
        hostVerifier: (key: Buffer) => key.equals(publicBytes(pinned)),
      });
    });
    return await new Promise<string>((resolve, reject) => {
      client.exec(command, (error, channel) => {
        if (error) return reject(error);
        let out = "";
        channel.on("data", (chunk: Buffer) => {
          out += chunk.toString();
        });
        channel.stderr.resume();
        channel.once("close", () => resolve(out));
      });
    });
  } finally {
    client.end();
    sock.destroy();
  }
}

/** What of this lab the kernel knows: namespaces, mounts, cgroups and processes. */
async function tracesOf(labDir: string): Promise<string[]> {
  const { key, dir } = labOf(labDir);
  const namespaces = (await readdir("/run/netns").catch(() => [])).filter((name) => name.includes(key));
  const mounts = (await readFile("/proc/mounts", "utf8"))
    .split("\n")
    .filter((line) => line.includes(key) || line.includes(dir));
  const cgroups: string[] = [];
  for (const root of ["/sys/fs/cgroup", ...(await readdir("/sys/fs/cgroup")).map((name) => `/sys/fs/cgroup/${name}`)]) {
    cgroups.push(...(await readdir(root).catch(() => [])).filter((name) => name.includes(key)));
  }
  const processes: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const text = await Promise.all(
      ["cmdline", "environ"].map((f) => readFile(`/proc/${pid}/${f}`, "utf8").catch(() => "")),
    );
    if (text.join("").includes(`berth-${key}`) || text.join("").includes(`LAB_KEY=${key}`)) processes.push(pid);
  }
  return [...namespaces, ...mounts, ...cgroups, ...processes];
}

describe.skipIf(missing.length > 0)(`lab in mode machine ${missing.join(" ")}`, () => {
  const hostKey = sshKey();
  const login = sshKey();
  let labDir = "";
  let provider: ReturnType<typeof createLocalProvider>;
  const spec = (name: string): ServerSpec => ({
    name,
    cores: 1,
    memoryMb: 1024,
    diskGb: 20,
    userData: userData(hostKey, login),
    labels: { purpose: "test" },
  });
  const console = (name: string, command: string) =>
    runOnServer({ labDir, name, argv: ["sh", "-c", command], timeoutMs: 30_000 });
  const loggedIn = (server: ProviderServer, command: string) =>
    untilTrue(() => overSsh(server, hostKey, login, command).catch(() => null), { timeoutMs: 60_000, intervalMs: 200 });

  beforeAll(async () => {
    labDir = await mkdtemp("/var/tmp/berth-lab-");
    await buildBaseImage({ labDir, cacheDir });
    await bringUpLab({ labDir });
    provider = createLocalProvider({ mode: "machine", labDir, cacheDir });
  }, 600_000);
  afterAll(async () => {
    for (const server of await provider.listServers()) await provider.destroyServer(server.id);
    await takeDownLab({ labDir });
    await rm(labDir, { recursive: true, force: true });
  });

  test("a new server takes the pinned key on the first login, and runs systemd, Node 24 and OpenClaw", async () => {
    const server = await provider.createServer(spec("one"));
    expect(server).toMatchObject({ status: "running", isolation: "machine", labels: { purpose: "test" } });
    const said = await loggedIn(
      server,
      "hostname; systemctl is-system-running --wait; /opt/node24/bin/node --version; ls -d /opt/openclaw/node_modules/openclaw; cloud-init status --wait",
    );
    expect(said).toMatch(/^one\nrunning\nv24\..*\n\/opt\/openclaw\/node_modules\/openclaw\n[\s\S]*status: done/);
  });

  test("a server whose host key is not the pinned one is not entered", async () => {
    const server = await provider.createServer(spec("one"));
    await expect(overSsh(server, sshKey(), login, "true")).rejects.toThrow(/host/i);
    await expect(overSsh(server, hostKey, sshKey(), "true")).rejects.toThrow(/auth/i);
  });

  test("creating twice by one name, at once or later, gives one server", async () => {
    const [a, b] = await Promise.all([provider.createServer(spec("twin")), provider.createServer(spec("twin"))]);
    expect(b.id).toBe(a.id);
    expect((await provider.createServer(spec("twin"))).id).toBe(a.id);
    expect((await provider.listServers()).filter((server) => server.name === "twin")).toHaveLength(1);
    await provider.destroyServer(a.id);
    await provider.destroyServer(a.id);
    expect(await provider.findServerByName("twin")).toBeNull();
  });

  test("a process that is killed in the middle of a creation leaves one server after the next try, which outlives it", async () => {
    const script = path.join(labDir, "create.ts");
    const index = path.resolve(import.meta.dirname, "../../index.ts");
    await writeFile(
      script,
      `import { createLocalProvider } from ${JSON.stringify(index)};
       const provider = createLocalProvider({ mode: "machine", labDir: ${JSON.stringify(labDir)}, cacheDir: ${JSON.stringify(cacheDir)} });
       await provider.createServer(${JSON.stringify(spec("phoenix"))});
       console.log("created");
       setInterval(() => {}, 1000);`,
    );
    const creator = () => spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "ignore"] });
    const recordFile = path.join(labDir, "servers/phoenix/server.json");
    const broken = creator();
    await untilTrue(() => readFile(recordFile, "utf8").catch(() => null), { timeoutMs: 20_000, intervalMs: 2 });
    broken.kill("SIGKILL");
    await once(broken, "exit");
    expect((await provider.findServerByName("phoenix"))?.status).toBe("creating");
    const id = JSON.parse(await readFile(recordFile, "utf8")).id;
    const second = creator();
    await once(second.stdout, "data");
    second.kill("SIGKILL");
    await once(second, "exit");
    const server = await provider.findServerByName("phoenix");
    expect(server).toMatchObject({ id, status: "running" });
    expect(await loggedIn(server!, "hostname")).toBe("phoenix\n");
    await provider.destroyServer(id);
  });

  test("a server reboots, powers off and comes back with its disk", async () => {
    const server = await provider.createServer(spec("one"));
    const bootOf = async () =>
      (await console("one", "systemctl show -p UserspaceTimestampMonotonic").catch(() => null))?.stdout;
    await console("one", "echo kept > /root/kept");
    const before = await untilTrue(bootOf, { timeoutMs: 10_000 });
    await provider.reboot(server.id);
    await untilTrue(
      async () => {
        const now = await bootOf();
        return now && now !== before;
      },
      { timeoutMs: 60_000 },
    );
    expect(await loggedIn(server, "cat /root/kept")).toBe("kept\n");
    await provider.powerOff(server.id);
    expect((await provider.getServer(server.id))?.status).toBe("off");
    await expect(console("one", "true")).rejects.toMatchObject({ code: "unavailable" });
    await provider.powerOn(server.id);
    expect(await loggedIn(server, "cat /root/kept")).toBe("kept\n");
  });

  test("stopping all leaves nothing in the kernel but the network, and starting all brings back what was on", async () => {
    const on = await provider.createServer(spec("one"));
    const off = await provider.createServer(spec("sleeper"));
    await provider.powerOff(off.id);
    await stopAllServers({ mode: "machine", labDir });
    expect((await provider.listServers()).map((server) => server.status)).toEqual(["off", "off"]);
    await startAllServers({ mode: "machine", labDir });
    expect((await provider.getServer(on.id))?.status).toBe("running");
    expect((await provider.getServer(off.id))?.status).toBe("off");
    await provider.destroyServer(off.id);
  });

  test("a server whose supervisor was killed is started again, without the old guest beside it", async () => {
    const server = await provider.createServer(spec("one"));
    const pid = Number(await readFile(path.join(labDir, "servers/one/supervisor.pid"), "utf8"));
    process.kill(pid, "SIGKILL");
    await untilTrue(async () => (await provider.getServer(server.id))?.status === "off", { timeoutMs: 10_000 });
    await startAllServers({ mode: "machine", labDir });
    expect(await loggedIn(server, "pgrep -c sshd >/dev/null && hostname")).toBe("one\n");
  });

  test("servers reach the relay and the fake internet, but not one another or the machine", async () => {
    const one = await provider.createServer(spec("one"));
    const two = await provider.createServer(spec("two"));
    const web = createServer((_request, response) => response.end("hub")).listen(0, "127.0.0.1");
    await once(web, "listening");
    const { port } = web.address() as AddressInfo;
    const relay = await exposeToServers({ labDir, port: 3001, target: port });
    const listeners = await startLabListeners({ labDir });
    await loggedIn(one, "hostname");
    await loggedIn(two, "hostname");
    expect((await console("one", "curl -s -m 5 http://hub.berth.test:3001/")).stdout).toBe("hub");
    expect((await console("one", "nc -w 2 203.0.113.53 4444")).stdout).toBe("lab-tcp\n");
    expect((await console("one", "nc -w 2 2001:db8:113::53 4444")).stdout).toBe("lab-tcp\n");
    expect((await console("one", "curl -s -m 5 http://169.254.169.254/")).stdout).toBe("lab-metadata\n");
    const ask = `python3 -c 'import socket,struct
s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM);s.settimeout(3)
s.sendto(struct.pack(">6H",7,256,1,0,0,0)+b"\\x01a\\x04test\\x00\\x00\\x01\\x00\\x01",("203.0.113.53",53))
print(socket.inet_ntoa(s.recv(512)[-4:]))'`;
    expect((await console("one", ask)).stdout).toBe("203.0.113.10\n");
    expect([listeners.tcp, listeners.ipv6, listeners.metadata, listeners.dns].map((l) => l.hits())).toEqual([
      1, 1, 1, 1,
    ]);

    const connects = async (to: string, toPort: number) =>
      (await console("one", `nc -n -z -w 1 ${to} ${toPort}`)).code === 0;
    expect(await connects(one.ipv4 ?? "", 22)).toBe(true);
    expect(await connects(two.ipv4 ?? "", 22)).toBe(false);
    await console("one", `ip route add ${two.ipv4} via 10.88.0.1`);
    expect(await connects(two.ipv4 ?? "", 22)).toBe(false);
    await relay.close();
    expect((await console("one", "curl -s -m 5 http://hub.berth.test:3001/")).code).toBe(7);
    await listeners.close();
    web.close();
    await provider.destroyServer(two.id);
  });

  test("a port on which nothing listens, and a relay to an address that is taken, are refused in words", async () => {
    const server = await provider.createServer(spec("one"));
    if (server.access.kind !== "ssh") throw new TypeError("expected SSH access");
    await expect(server.access.openStream(81)).rejects.toMatchObject({
      code: "unavailable",
      publicMessage: /nothing listens/,
    });
    const relay = await exposeToServers({ labDir, port: 3009, target: 1 });
    await expect(exposeToServers({ labDir, port: 3009, target: 1 })).rejects.toThrow(/something listens there already/);
    await relay.close();
  });

  test("names that are no names, and user data that is none, are refused before anything is made", async () => {
    for (const name of ["", "../up", "Upper", "-dash", "a".repeat(64), "a b"]) {
      await expect(provider.createServer(spec(name))).rejects.toMatchObject({ code: "invalid_input" });
      expect(await provider.findServerByName(name)).toBeNull();
    }
    await expect(provider.createServer({ ...spec("fine"), userData: "oops" })).rejects.toMatchObject({
      code: "invalid_input",
    });
    expect(await provider.findServerByName("fine")).toBeNull();
    await expect(provider.powerOn("0".repeat(32))).rejects.toMatchObject({ code: "not_found" });
  });

  test("the user data and its host key are readable for root alone", async () => {
    await provider.createServer(spec("one"));
    const seed = "/var/lib/cloud/seed/nocloud";
    expect((await console("one", `stat -c %a:%U ${seed} ${seed}/user-data`)).stdout).toBe("700:root\n600:root\n");
    expect((await console("one", `setpriv --reuid=65534 --clear-groups cat ${seed}/user-data`)).code).not.toBe(0);
  });

  test("two labs run side by side, and one that is taken down leaves no trace and the other alone", async () => {
    const other = await mkdtemp("/var/tmp/berth-lab-");
    const second = createLocalProvider({ mode: "machine", labDir: other, cacheDir });
    const neighbour = await second.createServer(spec("one"));
    const mine = await provider.createServer(spec("one"));
    expect(neighbour.ipv4).toBe(mine.ipv4);
    expect(await loggedIn(neighbour, "hostname")).toBe("one\n");
    expect((await tracesOf(other)).length).toBeGreaterThan(0);
    await takeDownLab({ labDir: other });
    expect(await tracesOf(other)).toEqual([]);
    await second.destroyServer(neighbour.id);
    expect(await second.listServers()).toEqual([]);
    expect(await readdir(path.join(other, "servers"))).toEqual([]);
    await rm(other, { recursive: true });
    expect(await loggedIn(mine, "hostname")).toBe("one\n");
  });
});
