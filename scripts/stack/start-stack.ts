/** Brings the whole of Berth up on this machine and takes it down again, in one place for `npm start`, the walk and tests. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { migrate } from "@berth/db";
import { startPostgres } from "@berth/testkit";
import { bundleTenant } from "../bundle-tenant.ts";
import { type CustomerServers, prepareCustomerServers } from "./customer-servers.ts";
import { loadDevSecrets } from "./dev-secrets.ts";
import { hubEnvironment, usesEmulator } from "./hub-env.ts";
import { buildNextApp } from "./next-app.ts";
import { runToEnd } from "./run-to-end.ts";
import { root, type StackOptions, staffEmail } from "./stack-options.ts";
import { answers, type SupervisedProcess, superviseProcess } from "./supervised-process.ts";

export interface Addresses {
  website: string;
  hub: string;
  realtime: string;
  stripe: string;
  mail: string;
  llm: string;
}

export interface Stack {
  addresses: Addresses;
  databaseUrl: string;
  redisUrl: string | undefined;
  labDir: string;
  logDir: string;
  llmRequestLog: string;
  staff: { email: string; password: string };
  processes: Record<"hub" | "website" | "realtime" | "worker" | "emulators", SupervisedProcess | undefined>;
  /** Ends everything that was started, in reverse. Data and servers' disks stay. */
  stop(): Promise<void>;
}

const node = process.execPath;
const http = (port: number): string => `http://127.0.0.1:${port}`;

/** Undoes what was done so far, last first, whatever happens on the way. */
class Undo {
  readonly #actions: (() => Promise<unknown>)[] = [];
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Throws once the start was broken off, so that nothing further is begun. */
  add(action: () => Promise<unknown>): void {
    this.#actions.push(action);
    this.#signal?.throwIfAborted();
  }
  async all(): Promise<void> {
    for (const action of this.#actions.splice(0).reverse()) await action().catch(() => undefined);
  }
}

async function startDatabase(options: StackOptions, undo: Undo): Promise<string> {
  let url = options.env.DATABASE_URL;
  if (!url) {
    const dir = path.join(options.dataDir, "postgres");
    const server = await startPostgres({
      dir,
      port: options.ports.postgres,
      passwordFile: path.join(options.dataDir, "keys/postgres-password"),
    });
    undo.add(() => server.stop());
    url = server.url;
  }
  const applied = await migrate({ url, directory: path.join(root, "prisma/migrations") });
  if (applied.length > 0) options.say(`Database: ${applied.length} migrations applied`);
  return url;
}

export async function startStack(options: StackOptions): Promise<Stack> {
  const undo = new Undo(options.signal);
  try {
    const stack = await bringUp(options, undo);
    options.signal?.throwIfAborted();
    return stack;
  } catch (error) {
    await undo.all();
    throw error;
  }
}

/** What takes long and needs nothing that runs: bundles, builds, the servers' image. */
async function prepare(options: StackOptions, undo: Undo): Promise<{ servers: CustomerServers; artefactDir: string }> {
  const { dir } = await bundleTenant({ outDir: path.join(root, "dist/tenant") });
  const servers = await prepareCustomerServers(options);
  undo.add(() => servers.stop());
  await buildNextApp("website", options);
  await buildNextApp("hub", options);
  return { servers, artefactDir: dir };
}

type Launch = (plan: {
  name: string;
  argv: string[];
  cwd?: string;
  env?: Record<string, string>;
  ready: () => Promise<boolean>;
}) => Promise<SupervisedProcess>;

const launcher =
  (env: Record<string, string>, logDir: string, undo: Undo): Launch =>
  async (plan) => {
    const supervised = superviseProcess({
      ...plan,
      cwd: plan.cwd ?? root,
      env: { ...env, ...plan.env },
      logFile: path.join(logDir, `${plan.name}.log`),
    });
    undo.add(() => supervised.stop());
    await supervised.waitUntilReady();
    return supervised;
  };

/** The emulators that are needed, in one process; none where everything outside is real. */
async function startEmulators(options: StackOptions, launch: Launch, llmRequestLog: string) {
  const emulated = usesEmulator(options);
  const { ports } = options;
  const wanted = [
    ...(emulated.stripe ? (["stripe"] as const) : []),
    ...(emulated.mail ? (["mail"] as const) : []),
    ...(emulated.anthropic || emulated.openai || emulated.google ? (["llm"] as const) : []),
  ];
  if (wanted.length === 0) return undefined;
  const env = {
    STRIPE_EMULATOR_PORT: String(ports.stripe),
    MAIL_INBOX_PORT: String(ports.mail),
    SMTP_PORT: String(ports.smtp),
    LLM_EMULATOR_PORT: String(ports.llm),
    EMULATOR_DATA_DIR: path.join(options.dataDir, "emulators"),
    STRIPE_WEBHOOK_URL: `${http(ports.hub)}/api/webhooks/stripe`,
    LLM_REQUEST_LOG: llmRequestLog,
    LLM_PIECE_DELAY_MS: String(options.llmPieceDelayMs ?? 15),
  };
  const argv = [node, path.join(root, "packages/emulators/src/main.ts"), ...wanted];
  const allAnswer = async () => (await Promise.all(wanted.map((name) => answers(http(ports[name]))()))).every(Boolean);
  return launch({ name: "emulators", argv, env, ready: allAnswer });
}

async function startHub(options: StackOptions, launch: Launch): Promise<Omit<Stack["processes"], "emulators">> {
  const { ports } = options;
  const next = path.join(root, "node_modules/next/dist/bin/next");
  const app = (name: "hub" | "website", readyAt: string) =>
    launch({
      name,
      argv: [node, next, "start", "--hostname", "127.0.0.1", "--port", String(ports[name])],
      cwd: path.join(root, "apps", name),
      ready: answers(`${http(ports[name])}${readyAt}`),
    });
  const service = (name: string, env: Record<string, string>, ready: () => Promise<boolean>) =>
    launch({ name, argv: [node, path.join(root, "services", name, "src/main.ts")], env, ready });
  const [hub, website, realtime, worker] = await Promise.all([
    app("hub", "/api/readyz"),
    app("website", "/"),
    service("realtime", { PORT: String(ports.realtime) }, answers(`${http(ports.realtime)}/healthz`)),
    service("worker", {}, async () => true),
  ]);
  return { hub, website, realtime, worker };
}

async function bringUp(options: StackOptions, undo: Undo): Promise<Stack> {
  const { ports, dataDir } = options;
  const logDir = path.join(dataDir, "logs");
  mkdirSync(logDir, { recursive: true, mode: 0o700 });
  const secrets = loadDevSecrets(dataDir);
  const { servers, artefactDir } = await prepare(options, undo);
  const databaseUrl = await startDatabase(options, undo);
  const tenant = servers.addresses;
  const env = hubEnvironment(options, { databaseUrl, secrets, tenant, labDir: servers.labDir, artefactDir });
  const launch = launcher(env, logDir, undo);
  const llmRequestLog = path.join(logDir, "llm-requests.jsonl");
  const emulators = await startEmulators(options, launch, llmRequestLog);
  const staff = { email: staffEmail, password: secrets.staffPassword };
  const seedEnv = { ...env, SEED_STAFF_EMAIL: staff.email, SEED_STAFF_PASSWORD: staff.password };
  await runToEnd("seeding", [node, path.join(root, "prisma/seed.ts")], seedEnv);
  const processes = await startHub(options, launch);
  await servers.resume();
  return {
    addresses: {
      website: http(ports.website),
      hub: http(ports.hub),
      realtime: `ws://127.0.0.1:${ports.realtime}`,
      stripe: http(ports.stripe),
      mail: http(ports.mail),
      llm: http(ports.llm),
    },
    databaseUrl,
    redisUrl: options.env.REDIS_URL,
    labDir: servers.labDir,
    logDir,
    llmRequestLog,
    staff,
    processes: { ...processes, emulators },
    stop: () => undo.all(),
  };
}
