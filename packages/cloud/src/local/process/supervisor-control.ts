import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { fail, untilTrue } from "@berth/platform";
import { minimalEnv } from "../env.ts";
import { isAlive } from "./process-mark.ts";
import { supervisorOf } from "./supervisor-claim.ts";

const entry = fileURLToPath(new URL("./supervise.ts", import.meta.url));
const stopTimeoutMs = 15_000;

/** Starts the server's supervisor if none lives. It outlives this process. */
export async function startSupervisor(rootDir: string): Promise<void> {
  if (await supervisorOf(rootDir)) return;
  const logFile = path.join(rootDir, "supervisor.log");
  const log = await open(logFile, "a", 0o600);
  const child = spawn(process.execPath, [entry, rootDir], {
    cwd: rootDir,
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
    env: minimalEnv(),
  });
  let spawned = true;
  child.on("error", () => {
    spawned = false;
  });
  child.unref();
  await log.close();
  await untilTrue(async () => !spawned || (await supervisorOf(rootDir)) !== null, { timeoutMs: 20_000 }).catch(
    async (cause: unknown) => {
      const internal = (await readFile(logFile, "utf8")).slice(-1000);
      fail("unavailable", "The server's supervisor did not start.", { cause, internal });
    },
  );
  if (!spawned) fail("unavailable", "The server's supervisor cannot be started.");
}

/** Stops the server's programs in order and its supervisor. */
export async function stopSupervisor(rootDir: string): Promise<void> {
  const mark = await supervisorOf(rootDir);
  if (!mark) return;
  process.kill(mark.pid, "SIGTERM");
  await untilTrue(() => !isAlive(mark), { timeoutMs: stopTimeoutMs, what: "The end of the server's programs" });
}
