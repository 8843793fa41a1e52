import { createDb } from "@berth/core";
import { createIds, createLogger, parseEnvOrExit, systemClock } from "@berth/platform";
import { createDeps } from "./create-deps.ts";
import { WorkerSettings } from "./settings.ts";
import { startWorker } from "./start-worker.ts";

const settings = parseEnvOrExit(WorkerSettings);
const log = createLogger({ service: "worker", level: settings.LOG_LEVEL });
const clock = systemClock;
const db = createDb({ url: settings.DATABASE_URL });
const deps = createDeps(settings, { clock, log });
const worker = await startWorker({
  ctx: { clock, ids: createIds(clock), log, db, deps },
  address: { databaseUrl: settings.DATABASE_URL, redisUrl: settings.REDIS_URL },
  sweepEveryMs: settings.SWEEP_INTERVAL_MS,
});
log.info({ queue: settings.REDIS_URL ? "redis" : "postgres", provider: deps.vps.name }, "worker works");

let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "worker stops");
    void worker
      .stop()
      .then(() => db.$disconnect())
      .then(() => deps.mailer.close());
  });
}
