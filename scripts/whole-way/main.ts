/** `npm run whole-way`: a stack of its own, one customer's whole way, a table of the steps, and one line of JSON. */
import { parseArgs } from "node:util";
import { Isolation } from "@berth/contracts";
import { defaultMode } from "../stack/stack-options.ts";
import { installMissing, systemParts } from "../system/system-packages.ts";
import { walk } from "./walk.ts";
import { startWalkStack, type WalkStack } from "./walk-stack.ts";

const help = `npm run whole-way [-- --mode machine|process] [--keep]

--keep leaves the walk's folder (logs, database, disks) for a look.`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Aborted by the first signal; what was started is then taken down before the process ends. */
function listenForSignals(): { signal: AbortSignal; exitCode: () => number | null } {
  const interrupted = new AbortController();
  let code: number | null = null;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (code !== null) return;
      code = exitCodes[name];
      process.stderr.write("\nStopping ...\n");
      interrupted.abort(new Error(`Ended by ${name}.`));
    });
  }
  return { signal: interrupted.signal, exitCode: () => code };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

async function walkOnce({ stack, options }: WalkStack): Promise<boolean> {
  const { result, findings } = await walk({ stack, options, say });
  for (const finding of findings) say(`FOUND the secret (${finding.form}) in ${finding.sink}: ${finding.where}`);
  say(`\n${JSON.stringify(result)}`);
  return result.ok;
}

async function main(signal: AbortSignal): Promise<boolean> {
  const { values } = parseArgs({
    options: { help: { type: "boolean" }, mode: { type: "string" }, keep: { type: "boolean" } },
  });
  if (values.help) {
    say(help);
    return true;
  }
  const mode = Isolation.parse(values.mode ?? defaultMode());
  if (mode === "machine") installMissing([systemParts.machine], say);
  const started = performance.now();
  const walkStack = await startWalkStack({ mode, say, signal });
  say(`${"the stack is up".padEnd(58)} ${String(Math.round(performance.now() - started)).padStart(8)} ms\n`);
  try {
    return await Promise.race([walkOnce(walkStack), aborted(signal)]);
  } finally {
    await walkStack.end(values.keep);
    if (values.keep) process.stderr.write(`Kept: ${walkStack.options.dataDir}\n`);
  }
}

const signals = listenForSignals();
const ok = await main(signals.signal).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return false;
});
process.exit(signals.exitCode() ?? (ok ? 0 : 1));
