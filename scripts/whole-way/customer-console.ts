/** What a customer does on the server's own console, which the provider gives and the Hub has not. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createLocalProvider, runOnServer } from "@berth/cloud";
import type { Isolation } from "@berth/contracts";
import { fail } from "@berth/platform";
import { cacheDir } from "../stack/stack-options.ts";

export interface CustomerConsole {
  serverNames: string[];
  /** Puts a secret into the vault; the value goes by stdin. */
  setSecret(name: string, value: string, options: { tools: string[]; hosts?: string[] }): Promise<void>;
  readWorkspaceFile(name: string): Promise<string>;
  /** Folders on this machine that hold what OpenClaw keeps, and those with logs. */
  stateFolders(): string[];
  logFolders(): string[];
  /** The journal of the server, as bytes; empty in mode `process`. */
  journal(): Promise<Buffer>;
}

function runHere(
  argv: string[],
  env: Record<string, string>,
  stdin: string,
): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const [file = "", ...args] = argv;
    const child = spawn(file, args, { env, stdio: ["pipe", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stderr }));
    child.stdin.end(stdin);
  });
}

const vaultArguments = (name: string, options: { tools: string[]; hosts?: string[] }): string[] => [
  "set",
  name,
  ...options.tools.flatMap((tool) => ["--tool", tool]),
  ...(options.hosts ?? []).flatMap((host) => ["--host", host]),
];

function machineConsole(labDir: string, name: string): Omit<CustomerConsole, "serverNames"> {
  const disk = path.join(labDir, "servers", name, "root");
  const run = async (argv: string[], stdin?: string) => {
    const outcome = await runOnServer({ labDir, name, argv, ...(stdin === undefined ? {} : { stdin }) });
    if (outcome.code !== 0)
      fail("unavailable", `${argv[0]} on the server ended with ${outcome.code}: ${outcome.stderr}`);
    return outcome.stdout;
  };
  return {
    setSecret: async (secret, value, options) => {
      await run(["/opt/node24/bin/node", "/opt/berth/berth-vault.mjs", ...vaultArguments(secret, options)], value);
    },
    readWorkspaceFile: async (file) => readFileSync(path.join(disk, "workspace", file), "utf8"),
    stateFolders: () => [path.join(disk, "var/lib/openclaw"), path.join(disk, "var/lib/berth-egress")],
    logFolders: () =>
      [path.join(disk, "var/log"), path.join(disk, "run/log"), path.join(labDir, "servers", name)].slice(0, 2),
    journal: async () => Buffer.from(await run(["journalctl", "--no-pager", "--all", "--output=export"])),
  };
}

function processConsole(rootDir: string): Omit<CustomerConsole, "serverNames"> {
  const agentConfig = JSON.parse(readFileSync(path.join(rootDir, "etc/berth/agent.json"), "utf8")) as {
    sockets: { admin: string };
  };
  return {
    setSecret: async (secret, value, options) => {
      const cli = path.join(rootDir, "opt/berth/berth-vault.mjs");
      const argv = [process.execPath, cli, ...vaultArguments(secret, options)];
      const env = { PATH: process.env.PATH ?? "", BERTH_AGENT_SOCKET: agentConfig.sockets.admin };
      const { code, stderr } = await runHere(argv, env, value);
      if (code !== 0) fail("unavailable", `berth-vault ended with ${code}: ${stderr}`);
    },
    readWorkspaceFile: async (file) => readFileSync(path.join(rootDir, "workspace", file), "utf8"),
    stateFolders: () => [path.join(rootDir, "var/lib/openclaw"), path.join(rootDir, "var/lib/berth-egress")],
    logFolders: () => [path.join(rootDir, "var/log"), path.join(rootDir, "logs")],
    journal: async () => Buffer.alloc(0),
  };
}

/** The console of the one server that this stack made; throws if there is not exactly one. */
export async function openConsole(mode: Isolation, labDir: string): Promise<CustomerConsole> {
  const servers = await createLocalProvider({ mode, labDir, cacheDir }).listServers();
  const [server] = servers;
  if (!server || servers.length !== 1) return fail("conflict", `There are ${servers.length} servers instead of one.`);
  const console =
    server.access.kind === "process" ? processConsole(server.access.rootDir) : machineConsole(labDir, server.name);
  return { ...console, serverNames: servers.map(({ name }) => name) };
}
