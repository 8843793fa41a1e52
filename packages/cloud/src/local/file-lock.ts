import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fail } from "@berth/platform";

/**
 * Runs `work` while this process holds an exclusive lock on `lockFile`, across processes. The lock is held by a child
 * that ends with its stdin, so it is released also when this process is killed. Linux (flock of util-linux).
 */
export async function withFileLock<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(lockFile), { recursive: true });
  const holder = spawn("flock", ["-x", lockFile, "sh", "-c", "echo locked; exec cat >/dev/null"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = once(holder, "close");
  try {
    const got = await Promise.race([
      once(holder.stdout, "data").then(() => true),
      ended.then(() => false),
      once(holder, "error").then(() => false),
    ]);
    if (!got) fail("unavailable", `Could not lock ${lockFile}. Is util-linux installed?`);
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}

/** True while some process holds the lock. */
export async function isLocked(lockFile: string): Promise<boolean> {
  const probe = spawn("flock", ["-n", lockFile, "true"], { stdio: "ignore" });
  const [code] = (await once(probe, "close")) as [number | null];
  return code === 1;
}
