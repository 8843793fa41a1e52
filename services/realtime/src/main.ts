import { createDb } from "@berth/core";
import { createIds, createLogger, parseEnvOrExit, systemClock } from "@berth/platform";
import { z } from "zod";
import { startRealtime } from "./start-realtime.ts";

const env = parseEnvOrExit(
  z.object({
    DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must be a postgresql:// address"),
    PORT: z.coerce.number().int().min(0).max(65_535).default(3002),
    HOST: z.string().default("127.0.0.1"),
    LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  }),
);

const log = createLogger({ service: "realtime", level: env.LOG_LEVEL });
const clock = systemClock;
const db = createDb({ url: env.DATABASE_URL });
const realtime = await startRealtime({
  host: env.HOST,
  port: env.PORT,
  databaseUrl: env.DATABASE_URL,
  ctx: { actor: { kind: "anonymous" }, clock, ids: createIds(clock), log, db, deps: {} },
});
log.info({ url: realtime.url }, "realtime listens");

let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void realtime.stop().then(() => db.$disconnect());
  });
}
