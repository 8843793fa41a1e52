/** `npm start`: everything on this machine, with an emulator for each part of the outside that has no key. */
import { statfsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { Isolation } from "@berth/contracts";
import { AppError, appErrorOf, fail } from "@berth/platform";
import { usesEmulator } from "../stack/hub-env.ts";
import { portsFrom, requireFree } from "../stack/ports.ts";
import { defaultMode, root, type StackOptions } from "../stack/stack-options.ts";
import { type Stack, startStack } from "../stack/start-stack.ts";
import { howToInstall, installMissing, systemParts } from "../system/system-packages.ts";

const help = `npm start [-- --mode machine|process] [--port-base 3000] [--data-dir .berth/dev]

Starts website, hub, realtime and worker, PostgreSQL, and emulators for Stripe, mail and the LLM providers.
--mode        machine: customers' servers are real ones with systemd and a firewall (Linux, root)
              process: they are child processes, without isolation; works anywhere
With DATABASE_URL, REDIS_URL, STRIPE_SECRET_KEY (and STRIPE_WEBHOOK_SECRET), MAIL_URL, LLM_ANTHROPIC_KEY, LLM_OPENAI_KEY,
LLM_GOOGLE_KEY or HETZNER_TOKEN (and TENANT_HUB_URL, TENANT_REALTIME_URL) set, the real thing is used instead.
`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const neededBytes = 4 * 1024 ** 3;

function optionsOf(argv: string[]): StackOptions | null {
  const { values } = parseArgs({
    args: argv,
    options: {
      help: { type: "boolean" },
      mode: { type: "string" },
      "port-base": { type: "string", default: "3000" },
      "data-dir": { type: "string", default: path.join(root, ".berth/dev") },
    },
  });
  if (values.help) return null;
  const mode = Isolation.safeParse(values.mode ?? defaultMode());
  if (!mode.success) fail("invalid_input", `--mode is machine or process, not "${values.mode}".`);
  const base = Number(values["port-base"]);
  if (!Number.isInteger(base) || base < 1024 || base > 65_000) {
    fail("invalid_input", `--port-base is a number from 1024 to 65000, not "${values["port-base"]}".`);
  }
  return {
    dataDir: path.resolve(values["data-dir"]),
    mode: mode.data,
    ports: portsFrom(base),
    heartbeatIntervalMs: 5000,
    env: process.env,
    say,
  };
}

function requireDisk(): void {
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize < neededBytes) {
    fail(
      "unavailable",
      `Less than 4 GB are free at ${root}; the servers' image and the database need that. Free some space and start again.`,
    );
  }
}

function requireSystemPackages(options: StackOptions): void {
  if (options.mode !== "machine") return;
  const missing = installMissing([systemParts.machine], say);
  if (missing.length > 0) {
    fail(
      "unavailable",
      `Mode machine needs packages that are missing. Install them with\n  ${howToInstall(missing)}\nor start without isolation: npm start -- --mode process`,
    );
  }
}

function announce(stack: Stack, options: StackOptions): void {
  const emulated = usesEmulator(options);
  const rows: [string, string][] = [
    ["Website", stack.addresses.website],
    ["Portal", stack.addresses.hub],
    ["Admin", `${stack.addresses.hub}/admin`],
    ["  staff login", `${stack.staff.email}  ${stack.staff.password}`],
    ...(emulated.mail ? ([["Mails", stack.addresses.mail]] as [string, string][]) : []),
    ...(emulated.stripe
      ? ([["Stripe", `${stack.addresses.stripe} (emulated; card 4242 4242 4242 4242)`]] as [string, string][])
      : []),
    [
      "Servers",
      options.mode === "machine"
        ? "mode machine: real ones, in a network of their own"
        : "mode process: WITHOUT ISOLATION, for a look only",
    ],
    ["Logs", stack.logDir],
  ];
  say("\nBerth is up.\n");
  for (const [name, value] of rows) say(`  ${name.padEnd(14)} ${value}`);
  say("\nCtrl-C stops everything; a later start keeps the data.");
}

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  if (!options) return say(help);
  requireDisk();
  await requireFree(options.ports);
  requireSystemPackages(options);
  const interrupted = new AbortController();
  let stack: Stack | undefined;
  const end = async (): Promise<void> => {
    if (interrupted.signal.aborted) return;
    interrupted.abort();
    say("\nStopping ...");
    if (!stack) return; // the start hears the signal and takes down what it has started
    await stack.stop();
    say("Everything is stopped.");
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end());
  stack = await startStack({ ...options, signal: interrupted.signal }).catch((error: unknown) => {
    if (!interrupted.signal.aborted) throw error;
    say("Everything is stopped.");
    process.exit(0);
  });
  announce(stack, options);
}

await main().catch((error: unknown) => {
  const known = appErrorOf(error);
  process.stderr.write(`\n${error instanceof AppError ? known.message : (error as Error).stack}\n`);
  process.exit(1);
});
