/** What a customer does on the server's own console, which the provider gives and the Hub has not. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createLocalProvider, runOnServer } from "@berth/cloud";
import { AgentConfig, type Isolation, ProxyUsage } from "@berth/contracts";
import { AppError, fail } from "@berth/platform";
import type { Searched } from "@berth/testkit";
import { cacheDir } from "../stack/stack-options.ts";
import { searchMemory } from "./memory-search.ts";

export interface CustomerConsole {
  serverNames: string[];
  /** Puts a secret into the vault; the value goes by stdin. */
  setSecret(name: string, value: string, options: { tools: string[]; hosts?: string[] }): Promise<void>;
  readWorkspaceFile(name: string): Promise<string>;
  writeWorkspaceFile(name: string, content: string): Promise<void>;
  /** Folders on this machine that hold what OpenClaw keeps, and those with logs. */
  stateFolders(): string[];
  logFolders(): string[];
  /** The journal of the server, as bytes; empty in mode `process`. */
  journal(): Promise<Buffer>;
  /** Looks into the memory of the gateway and of all that it started. */
  searchGatewayMemory(needles: Buffer[]): Promise<Searched>;
  /** What the proxy's own ledger on the server says. */
  ledger(): Promise<ServerLedger>;
}

const AgentSockets = AgentConfig.pick({ sockets: true });
const socketsOf = (disk: string) =>
  AgentSockets.parse(JSON.parse(readFileSync(path.join(disk, "etc/berth/agent.json"), "utf8"))).sockets;

/** What the proxy says of its ledger, which no other process can open. */
export interface ServerLedger {
  tokens: number;
  openCalls: number;
  /** Calls whose numbers the provider never sent, and what was booked for them. */
  cutCalls: number;
  cutTokens: number;
}

/** Run by the server's own Node, as root: asks the proxy on its control socket. */
const askForUsage = (controlSocket: string): string[] => [
  "-e",
  `require("node:http").get({ socketPath: ${JSON.stringify(controlSocket)}, path: "/v1/usage" }, (answer) => answer.pipe(process.stdout));`,
];

function ledgerOf(text: string): ServerLedger {
  const { buckets, openCalls, estimated } = ProxyUsage.parse(JSON.parse(text));
  const tokens = buckets.reduce((sum, bucket) => sum + bucket.tokens, 0);
  return { tokens, openCalls, cutCalls: estimated.calls, cutTokens: estimated.tokens };
}

function runHere(argv: string[], env: Record<string, string>, stdin: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const [file = "", ...args] = argv;
    const child = spawn(file, args, { env, stdio: ["pipe", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data) => {
      stdout += data;
    });
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else reject(new AppError("unavailable", `${path.basename(args[0] ?? file)} ended with ${code}: ${stderr}`));
    });
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
    writeWorkspaceFile: async (file, content) => {
      await run(["sh", "-c", 'cat > "/workspace/$1"', "sh", file], content);
    },
    stateFolders: () => [path.join(disk, "var/lib/openclaw"), path.join(disk, "var/lib/berth-egress")],
    logFolders: () => [path.join(disk, "var/log"), path.join(disk, "run/log")],
    searchGatewayMemory: (needles) =>
      searchMemory((args, stdin) => run(["/opt/node24/bin/node", ...args], stdin), { user: "openclaw" }, needles),
    journal: async () => Buffer.from(await run(["journalctl", "--no-pager", "--all", "--output=export"])),
    ledger: async () => ledgerOf(await run(["/opt/node24/bin/node", ...askForUsage(socketsOf(disk).proxyControl)])),
  };
}

function processConsole(rootDir: string): Omit<CustomerConsole, "serverNames"> {
  const sockets = socketsOf(rootDir);
  const stateDir = path.join(rootDir, "var/lib/openclaw");
  const runNode = (args: string[], stdin = "") =>
    runHere([process.execPath, ...args], { PATH: process.env.PATH ?? "", NODE_NO_WARNINGS: "1" }, stdin);
  return {
    setSecret: async (secret, value, options) => {
      const cli = path.join(rootDir, "opt/berth/berth-vault.mjs");
      await runNode([cli, ...vaultArguments(secret, options), "--socket", sockets.admin], value);
    },
    readWorkspaceFile: async (file) => readFileSync(path.join(rootDir, "workspace", file), "utf8"),
    writeWorkspaceFile: async (file, content) => writeFileSync(path.join(rootDir, "workspace", file), content),
    searchGatewayMemory: (needles) => searchMemory(runNode, { setting: `OPENCLAW_STATE_DIR=${stateDir}` }, needles),
    stateFolders: () => [stateDir, path.join(rootDir, "var/lib/berth-egress")],
    logFolders: () => [path.join(rootDir, "var/log"), path.join(rootDir, "logs")],
    journal: async () => Buffer.alloc(0),
    ledger: async () => ledgerOf(await runNode(askForUsage(sockets.proxyControl))),
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
