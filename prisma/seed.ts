/** `node prisma/seed.ts`: one staff person and the plans in Stripe's catalogue. Seeding again changes nothing. */
import { createDb, createHubDeps, HubSettings, seed } from "@berth/core";
import { createIds, createLogger, parseEnv, secretOf, systemClock } from "@berth/platform";
import { z } from "zod";

const settings = parseEnv(HubSettings.extend({ SEED_STAFF_EMAIL: z.email(), SEED_STAFF_PASSWORD: z.string().min(10) }));
const clock = systemClock;
const log = createLogger({ service: "seed", level: settings.LOG_LEVEL });
const db = createDb({ url: settings.DATABASE_URL });
const deps = createHubDeps(settings, { clock, log });
const { staffMade } = await seed({
  ctx: { actor: { kind: "system", job: "seed" }, clock, ids: createIds(clock), log, db, deps },
  input: { staffEmail: settings.SEED_STAFF_EMAIL, staffPassword: secretOf(settings.SEED_STAFF_PASSWORD) },
});
log.info({ staffMade }, "seeded");
await db.$disconnect();
deps.mailer.close();
