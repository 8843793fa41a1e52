import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { randomToken, untilTrue } from "@berth/platform";
import {
  defaultProviderModels,
  type OpenclawConfigInput,
  openclawConfig,
  openclawEnvironment,
} from "@berth/provisioning/openclaw";
import { freePort } from "../free-port.ts";
import { entryOf, openclawDir } from "./openclaw-dir.ts";

export interface StartGatewayInput {
  llmPort: number;
  channelPort: number;
  agentSocket: string;
  /** Folder of the built safety wrapper. */
  pluginDir: string;
  providers?: OpenclawConfigInput["providers"];
  openaiApi?: OpenclawConfigInput["openaiApi"];
  /** Where the token comes from; the literal token if absent. */
  tokenSource?: "literal" | "file";
  /** Last word on the configuration, for tests that break it on purpose. */
  configure?: (config: Record<string, unknown>) => Record<string, unknown>;
}

export interface RunningGateway {
  url: string;
  port: number;
  token: string;
  /** Temporary folder that holds all of its files; gone after `stop`. */
  dir: string;
  stateDir: string;
  pid: number;
  /** What it has printed and logged so far. */
  output(): string;
  /** Ends it (SIGTERM, then SIGKILL) and removes its files. */
  stop(): Promise<void>;
}

/** Starts the real, pinned gateway on a free loopback port and waits until `/readyz` answers 200. */
export async function startGateway(input: StartGatewayInput): Promise<RunningGateway> {
  const dir = mkdtempSync(join(tmpdir(), "berth-gw-"));
  const port = await freePort();
  const token = randomToken();
  const stateDir = join(dir, "state");
  mkdirSync(stateDir, { mode: 0o700 });
  const files = {
    config: join(dir, "openclaw.json"),
    token: join(dir, "gateway-token"),
    log: join(dir, "openclaw.log"),
  };
  writeFileSync(files.token, `${token}\n`, { mode: 0o400 });
  const config = openclawConfig({
    gatewayPort: port,
    gatewayToken:
      input.tokenSource === "file" ? { source: "file", path: files.token } : { source: "literal", value: token },
    llmPort: input.llmPort,
    channelPort: input.channelPort,
    agentSocket: input.agentSocket,
    pluginDir: input.pluginDir,
    workspaceDir: join(stateDir, "workspace"),
    logFile: files.log,
    providers: input.providers ?? defaultProviderModels,
    ...(input.openaiApi ? { openaiApi: input.openaiApi } : {}),
  });
  writeFileSync(files.config, JSON.stringify(input.configure?.(config) ?? config), { mode: 0o600 });
  const env = {
    ...openclawEnvironment({ stateDir, configFile: files.config, homeDir: dir }),
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  };
  const child = spawn(process.execPath, ["--max-old-space-size=768", entryOf(await openclawDir()), "gateway", "run"], {
    cwd: dir,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
  const output = () => printed.join("") + readIfThere(files.log);
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await end(child);
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilTrue(() => isReady(url, child, output), {
      timeoutMs: 120_000,
      intervalMs: 200,
      what: "The gateway's /readyz",
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, port, token, dir, stateDir, pid: child.pid!, output, stop };
}

async function isReady(url: string, child: ChildProcess, output: () => string): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`The gateway ended with ${child.exitCode}:\n${output().slice(-4000)}`);
  return fetch(`${url}/readyz`).then(
    (answer) => answer.status === 200,
    () => false,
  );
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 20_000);
  await ended;
  clearTimeout(force);
}
