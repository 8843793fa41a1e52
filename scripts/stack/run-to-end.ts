import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { fail } from "@berth/platform";
import { root } from "./stack-options.ts";

const run = promisify(execFile);

/** Runs a program to its end, or to the signal's; throws with the last lines of what it said if it fails. */
export async function runToEnd(
  what: string,
  argv: string[],
  env: Record<string, string>,
  signal?: AbortSignal,
): Promise<void> {
  const [file = "", ...args] = argv;
  await run(file, args, { cwd: root, env, maxBuffer: 8 * 1024 * 1024, ...(signal ? { signal } : {}) }).catch(
    (cause: { stdout?: string; stderr?: string }) => {
      signal?.throwIfAborted();
      fail("internal", `${what} failed:\n${`${cause.stdout ?? ""}${cause.stderr ?? ""}`.slice(-3000)}`, { cause });
    },
  );
}
