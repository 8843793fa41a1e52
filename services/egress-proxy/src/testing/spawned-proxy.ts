import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { untilTrue } from "@berth/platform";
import { type AgentStandIn, checkIn, stateBecomes } from "./agent-stand-in.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

/** The real process, as systemd starts it. */
export interface SpawnedProxy {
  child: ChildProcess;
  llmUrl: string;
  /** All that it has printed, on both streams. */
  printed(): string;
  wrapper: { leave(): void };
  /** Ends it; gives its exit code, null if the signal was its end. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export interface SpawnOptions {
  nodeFlags?: string[];
  /** Largest file that it may write, in KB: a disk that is full for it. */
  fileSizeKb?: number;
}

/** Waits until its port is open; the wrapper has not checked in. */
export async function spawnBareProxy(agent: AgentStandIn, options: SpawnOptions = {}): Promise<SpawnedProxy> {
  const configFile = join(agent.egressConfig.stateDir, "egress.json");
  writeFileSync(configFile, JSON.stringify(agent.egressConfig));
  const argv = [process.execPath, ...(options.nodeFlags ?? []), main, configFile];
  // bash counts in KB; node ignores the signal that comes with the limit, so the write itself fails.
  const limited = ["bash", "-c", `ulimit -f ${options.fileSizeKb}; exec "$@"`, "-", ...argv];
  const [command = "", ...rest] = options.fileSizeKb ? limited : argv;
  const child = spawn(command, rest, { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      printed += text;
    });
  }
  const exited = once(child, "exit");
  const llmUrl = await untilTrue(() => /"llmUrl":"([^"]+)"/.exec(printed)?.[1], {
    timeoutMs: 60_000,
    what: "The proxy's port",
  });
  return {
    child,
    llmUrl,
    printed: () => printed,
    wrapper: { leave: () => undefined },
    end: async (signal) => {
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}

/** With the wrapper checked in and the agent's configuration taken. */
export async function spawnProxy(agent: AgentStandIn, options: SpawnOptions = {}): Promise<SpawnedProxy> {
  const proxy = await spawnBareProxy(agent, options);
  const wrapper = await checkIn(proxy.llmUrl);
  await stateBecomes(agent, { configured: true, wrapperPresent: true });
  return { ...proxy, wrapper };
}
