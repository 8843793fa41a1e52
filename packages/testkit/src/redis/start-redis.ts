import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { freePort } from "../free-port.ts";

export interface Redis {
  url: string;
  stop(): Promise<void>;
}

/** Starts the machine's own `redis-server` on 127.0.0.1, keeping nothing on disk; null where it is not installed. */
export async function startRedis(): Promise<Redis | null> {
  if (spawnSync("redis-server", ["--version"]).status !== 0) return null;
  const port = await freePort();
  const args = ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--appendonly", "no", "--dir", "/tmp"];
  const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    let log = "";
    child.stdout.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes("eady to accept connections")) resolve();
    });
    child.once("exit", () => reject(new Error(`redis-server stopped while it started:\n${log}`)));
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    kill();
    await gone;
  };
  return { url: `redis://127.0.0.1:${port}`, stop };
}
