import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { untilTrue } from "@berth/platform";
import {
  type AgentStandIn,
  checkIn,
  startAgentStandIn,
  stateBecomes,
} from "../../../services/egress-proxy/src/testing/agent-stand-in.ts";

export interface BenchProcess {
  port: number;
  /** Resident memory in MB. */
  residentMb(): number;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

function residentMbOf(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kb) / 1024;
}

/** Starts node with these arguments and waits until it has printed `ready`. */
export async function startNode(
  argv: string[],
  port: number,
  ready: RegExp,
  env: Record<string, string> = {},
): Promise<BenchProcess> {
  const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, ...env } });
  const exited = once(child, "exit");
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    // Read on, so that its log never fills the pipe; only the beginning is of interest.
    if (printed.length < 100_000) printed += text;
  });
  await untilTrue(() => ready.test(printed), { timeoutMs: 60_000, what: argv.join(" ") });
  return {
    port,
    residentMb: () => residentMbOf(child.pid ?? 0),
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** The proxy as it is on a customer's server: the bundle, under the memory flags of its unit, with its agent and wrapper there. */
export async function startOurProxy(
  bundle: string,
  upstreamPort: number,
  secrets: { name: string; value: string }[],
): Promise<BenchProcess> {
  const upstreams = { openai: { baseUrl: `http://127.0.0.1:${upstreamPort}`, apiKey: "key-of-the-bench-4711" } };
  const agent: AgentStandIn = await startAgentStandIn({ upstreams, secrets });
  const port = await freePort();
  const config = path.join(agent.egressConfig.stateDir, "egress.json");
  writeFileSync(config, JSON.stringify({ ...agent.egressConfig, llmPort: port }));
  const started = await startNode(
    ["--max-old-space-size=256", "--max-semi-space-size=2", bundle, config],
    port,
    /egress proxy is up/,
  );
  const wrapper = await checkIn(`http://127.0.0.1:${port}`);
  await stateBecomes(agent, { configured: true, wrapperPresent: true });
  return {
    ...started,
    stop: async () => {
      wrapper.leave();
      await started.stop();
      await agent.close();
    },
  };
}

/** The peer, which redacts nothing, from a folder outside the lockfile; null with the reason when npm cannot bring it. */
export async function startPortkey(folder: string): Promise<BenchProcess | { missing: string }> {
  const wanted = "@portkey-ai/gateway@1.15.2";
  try {
    writeFileSync(path.join(folder, "package.json"), '{"private":true}');
    const argv = ["install", "--ignore-scripts", "--no-audit", "--no-fund", wanted];
    execFileSync("npm", argv, { cwd: folder, stdio: "ignore", timeout: 120_000 });
  } catch {
    return { missing: `npm could not install ${wanted}, so the figures against it are left out.` };
  }
  const port = await freePort();
  const entry = path.join(folder, "node_modules/@portkey-ai/gateway/build/start-server.js");
  return startNode([entry, "--headless", `--port=${port}`], port, /Ready for connections/, { NODE_ENV: "production" });
}
