/** Seeds a Hub: one staff person, and the plans in Stripe's catalogue. Running it again changes nothing. */
import { createDb, createHubDeps, HubSettings, seed } from "@berth/core";
import { createIds, createLogger, parseEnvOrExit, secretOf, systemClock } from "@berth/platform";
import { z } from "zod";

const settings = parseEnvOrExit(
  HubSettings.extend({ SEED_STAFF_EMAIL: z.email(), SEED_STAFF_PASSWORD: z.string().min(10) }),
);
const log = createLogger({ service: "seed", level: settings.LOG_LEVEL });
const clock = systemClock;
const db = createDb({ url: settings.DATABASE_URL, connections: 2 });
const deps = createHubDeps(settings, { clock, log });
try {
  const { staffMade } = await seed({
    ctx: { actor: { kind: "system", job: "seed" }, clock, ids: createIds(clock), log, db, deps },
    input: { staffEmail: settings.SEED_STAFF_EMAIL, staffPassword: secretOf(settings.SEED_STAFF_PASSWORD) },
  });
  log.info({ staffMade }, "seeded");
} finally {
  await db.$disconnect();
  deps.mailer.close();
}
