import { spawn } from "node:child_process";
import { fail } from "@berth/platform";
import { minimalEnv } from "./env.ts";

export interface CommandOptions {
  /** Added to the minimal environment. */
  env?: Record<string, string>;
  cwd?: string;
  stdin?: string | Uint8Array;
  timeoutMs?: number;
  /** Hears each line of stdout and stderr as it comes. */
  onLine?: (line: string) => void;
}

export interface CommandOutcome {
  /** null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, whatever its exit code. Rejects only if it cannot be started. */
export function runForOutcome(argv: readonly string[], options: CommandOptions = {}): Promise<CommandOutcome> {
  const [file, ...args] = argv;
  if (file === undefined) fail("invalid_input", "There is no program to run.");
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...minimalEnv(), ...options.env },
      stdio: "pipe",
      timeout: options.timeoutMs,
      killSignal: "SIGKILL",
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const collect = (into: Buffer[]) => (chunk: Buffer) => {
      into.push(chunk);
      if (options.onLine) for (const line of chunk.toString().split("\n")) if (line.trim()) options.onLine(line.trim());
    };
    child.stdout.on("data", collect(out));
    child.stderr.on("data", collect(err));
    // A program that ends without reading its input is no fault of ours.
    child.stdin.on("error", () => {});
    child.stdin.end(options.stdin ?? "");
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

/** Runs a program that must succeed and answers its stdout. `what` completes "Could not …" in the error's sentence. */
export async function runOrFail(what: string, argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const outcome = await runForOutcome(argv, options).catch((cause: unknown) =>
    fail("unavailable", `Could not ${what}: ${argv[0]} cannot be started.`, { cause }),
  );
  if (outcome.code === 0) return outcome.stdout;
  const said = (outcome.stderr || outcome.stdout).trim().split("\n").slice(-12).join("\n");
  fail("unavailable", `Could not ${what}: ${argv[0]} ended with ${outcome.code ?? "a signal"}.`, { internal: said });
}
