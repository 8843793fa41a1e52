import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { untilTrue } from "@berth/platform";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createLocalProvider,
  type ProcessUnit,
  type ProviderServer,
  type ServerSpec,
  startAllServers,
  stopAllServers,
  type VpsProvider,
} from "../../index.ts";
import { markOf } from "./process-mark.ts";

const spec = (name: string): ServerSpec => ({
  name,
  cores: 1,
  memoryMb: 1024,
  diskGb: 10,
  userData: "#cloud-config\n{}\n",
  labels: { purpose: "test" },
});

/** Notes its own pid and that of a helper it leaves in the background, then waits for ever. */
const program = (pidsFile: string) => `
  const { spawn } = require("node:child_process");
  const { appendFileSync } = require("node:fs");
  const helper = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  appendFileSync(${JSON.stringify(pidsFile)}, process.pid + " " + helper.pid + " " + JSON.stringify(process.env) + "\\n");
  setInterval(() => {}, 1000);`;

/** A process that nobody has reaped yet counts as ended. */
const alive = (pid: number): boolean => markOf(pid) !== null;

describe("servers in mode process", () => {
  let labDir = "";
  let provider: VpsProvider;
  const local = () => ({ mode: "process" as const, labDir });

  beforeEach(async () => {
    labDir = await mkdtemp(path.join(tmpdir(), "berth-process-"));
    provider = createLocalProvider(local());
  });
  afterEach(async () => {
    for (const server of await provider.listServers()) await provider.destroyServer(server.id);
    await rm(labDir, { recursive: true, force: true });
  });

  const rootOf = (server: ProviderServer): string => {
    if (server.access.kind !== "process") throw new TypeError("expected process access");
    return server.access.rootDir;
  };
  const pidsFile = (server: ProviderServer) => path.join(rootOf(server), "pids");
  const starts = async (server: ProviderServer) =>
    (await readFile(pidsFile(server), "utf8").catch(() => ""))
      .split("\n")
      .filter(Boolean)
      .map((line) => {
        const [pid, helper, ...env] = line.split(" ");
        return { pid: Number(pid), helper: Number(helper), env: JSON.parse(env.join(" ")) as Record<string, string> };
      });
  const nthStart = (server: ProviderServer, n: number) =>
    untilTrue(async () => (await starts(server))[n - 1], { timeoutMs: 20_000 });
  const putUnit = async (server: ProviderServer, change: Partial<ProcessUnit> = {}) => {
    const unit = {
      name: "demo",
      argv: [process.execPath, "-e", program(pidsFile(server))],
      env: { MARK: "1" },
      logFile: path.join(rootOf(server), "log/demo.log"),
      ...change,
    };
    await writeFile(path.join(rootOf(server), "units/demo.json"), JSON.stringify(unit));
  };

  test("are marked as without isolation, and are made once by name even by two creators at once", async () => {
    const [a, b] = await Promise.all([provider.createServer(spec("one")), provider.createServer(spec("one"))]);
    expect(a).toMatchObject({ status: "running", isolation: "process", labels: { purpose: "test" } });
    expect(b.id).toBe(a.id);
    expect(provider.capabilities.isolation).toBe("process");
    expect(await provider.listServers()).toHaveLength(1);
    expect(await readdir(path.join(labDir, "processes"))).toEqual(["one"]);
  });

  test("run a unit, start it again after kill -9, and end the helpers that it left", async () => {
    const server = await provider.createServer(spec("one"));
    await putUnit(server);
    const first = await nthStart(server, 1);
    process.kill(first.pid, "SIGKILL");
    const second = await nthStart(server, 2);
    expect(second.pid).not.toBe(first.pid);
    await untilTrue(() => !alive(first.helper), { timeoutMs: 5_000 });
    expect(alive(second.helper)).toBe(true);
  });

  test("give a unit its own environment and nothing of ours", async () => {
    process.env.HUB_TEST_SECRET = "planted";
    try {
      const server = await provider.createServer(spec("one"));
      await putUnit(server);
      const { env } = await nthStart(server, 1);
      expect(env.MARK).toBe("1");
      expect(env.PATH).toContain("/");
      expect(env).not.toHaveProperty("HUB_TEST_SECRET");
    } finally {
      delete process.env.HUB_TEST_SECRET;
    }
  });

  test("a changed unit is started anew, one that is gone is stopped, one that is malformed is as good as gone", async () => {
    const server = await provider.createServer(spec("one"));
    await putUnit(server);
    const first = await nthStart(server, 1);
    await putUnit(server, { env: { MARK: "2" } });
    const second = await nthStart(server, 2);
    expect(second.env.MARK).toBe("2");
    await untilTrue(() => !alive(first.pid), { timeoutMs: 5_000 });
    await writeFile(path.join(rootOf(server), "units/demo.json"), '{"name":"demo","argv":[]}');
    await untilTrue(() => !alive(second.pid) && !alive(second.helper), { timeoutMs: 10_000 });
    await putUnit(server);
    const third = await nthStart(server, 3);
    await rm(path.join(rootOf(server), "units/demo.json"));
    await untilTrue(() => !alive(third.pid), { timeoutMs: 10_000 });
  });

  test("a program that cannot be started does not keep the others from running", async () => {
    const server = await provider.createServer(spec("one"));
    await writeFile(
      path.join(rootOf(server), "units/broken.json"),
      JSON.stringify({ name: "broken", argv: ["/no/such"], env: {}, logFile: path.join(rootOf(server), "log/b.log") }),
    );
    await putUnit(server);
    await nthStart(server, 1);
    expect((await provider.getServer(server.id))?.status).toBe("running");
  });

  test("outlive the process that made them", async () => {
    const index = path.resolve(import.meta.dirname, "../../index.ts");
    const script = path.join(labDir, "create.ts");
    await writeFile(
      script,
      `import { createLocalProvider } from ${JSON.stringify(index)};
       await createLocalProvider(${JSON.stringify(local())}).createServer(${JSON.stringify(spec("one"))});
       console.log("created");
       setInterval(() => {}, 1000);`,
    );
    const creator = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "ignore"] });
    await once(creator.stdout, "data");
    creator.kill("SIGKILL");
    await once(creator, "exit");
    const server = await provider.findServerByName("one");
    expect(server?.status).toBe("running");
    await putUnit(server!);
    await nthStart(server!, 1);
  });

  test("after kill -9 of the supervisor, starting all ends what it left and runs each unit once", async () => {
    const server = await provider.createServer(spec("one"));
    await putUnit(server);
    const first = await nthStart(server, 1);
    const { pid } = JSON.parse(await readFile(path.join(rootOf(server), "supervisor.json"), "utf8"));
    process.kill(pid, "SIGKILL");
    await untilTrue(async () => (await provider.getServer(server.id))?.status === "off", { timeoutMs: 5_000 });
    expect(alive(first.pid)).toBe(true);
    await Promise.all([startAllServers(local()), startAllServers(local())]);
    const second = await nthStart(server, 2);
    await untilTrue(() => !alive(first.pid), { timeoutMs: 5_000 });
    expect(alive(second.pid)).toBe(true);
    await provider.reboot(server.id);
    await nthStart(server, 3);
    expect(await starts(server)).toHaveLength(3);
  });

  test("stopping all stops every program; starting all brings back only what was on", async () => {
    const on = await provider.createServer(spec("one"));
    const off = await provider.createServer(spec("two"));
    await putUnit(on);
    const first = await nthStart(on, 1);
    await provider.powerOff(off.id);
    await stopAllServers(local());
    await untilTrue(() => !alive(first.pid) && !alive(first.helper), { timeoutMs: 5_000 });
    await startAllServers(local());
    await nthStart(on, 2);
    expect((await provider.getServer(off.id))?.status).toBe("off");
  });

  test("destroying ends the programs, removes the folder, and may be repeated", async () => {
    const server = await provider.createServer(spec("one"));
    await putUnit(server);
    const { pid } = await nthStart(server, 1);
    await provider.destroyServer(server.id);
    await provider.destroyServer(server.id);
    expect(alive(pid)).toBe(false);
    expect(await readdir(path.join(labDir, "processes"))).toEqual([]);
    expect(await provider.getServer(server.id)).toBeNull();
    expect((await provider.createServer(spec("one"))).id).not.toBe(server.id);
  });

  test("names that are no names are refused, and unknown ids are not found", async () => {
    for (const name of ["", "../up", "UP", ".hidden"]) {
      await expect(provider.createServer(spec(name))).rejects.toMatchObject({ code: "invalid_input" });
    }
    await expect(provider.powerOff("nobody")).rejects.toMatchObject({ code: "not_found" });
  });
});
