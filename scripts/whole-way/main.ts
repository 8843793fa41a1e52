/** `npm run whole-way`: a stack of its own, one customer's whole way, a table of the steps, and one line of JSON. */
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { Isolation } from "@berth/contracts";
import { appErrorOf } from "@berth/platform";
import { freePorts } from "../stack/ports.ts";
import { defaultMode, root, type StackOptions } from "../stack/stack-options.ts";
import { startStack } from "../stack/start-stack.ts";
import { installMissing, systemParts } from "../system/system-packages.ts";
import { walk, walkDir } from "./walk.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { help: { type: "boolean" }, mode: { type: "string" }, keep: { type: "boolean" } },
  });
  if (values.help)
    return say(
      "npm run whole-way [-- --mode machine|process] [--keep]\n\n--keep leaves the walk's folder (logs, database, disks) for a look.",
    );
  const mode = Isolation.parse(values.mode ?? defaultMode());
  if (mode === "machine") installMissing([systemParts.machine], say);
  const options: StackOptions = {
    dataDir: walkDir(root),
    mode,
    ports: await freePorts(),
    heartbeatIntervalMs: 2000,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, REDIS_URL: process.env.REDIS_URL },
    say,
  };
  const started = performance.now();
  const stack = await startStack(options);
  say(`${"the stack is up".padEnd(58)} ${String(Math.round(performance.now() - started)).padStart(8)} ms\n`);
  try {
    const { customer: _customer, findings, ...result } = await walk({ stack, options, say });
    for (const finding of findings) say(`FOUND the secret (${finding.form}) in ${finding.sink}: ${finding.where}`);
    say(`\n${JSON.stringify(result)}`);
    process.exitCode = result.ok ? 0 : 1;
  } finally {
    await stack.stop();
    if (values.keep) process.stderr.write(`Kept: ${options.dataDir}\n`);
    else rmSync(options.dataDir, { recursive: true, force: true });
  }
}

await main().catch((error: unknown) => {
  process.stderr.write(`${appErrorOf(error).message}\n`);
  process.exit(1);
});
