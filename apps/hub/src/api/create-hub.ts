import { createAuth, createDb, createHubDeps } from "@berth/core";
import { createIds, createLogger, parseEnv, secretOf, systemClock } from "@berth/platform";
import type { Hub } from "./hub.ts";
import { HubApiSettings } from "./hub-settings.ts";

/** The Hub as this process's environment says it. Throws with a readable list if something is missing. */
export function createHub(environment: Record<string, string | undefined>): Hub {
  const settings = parseEnv(HubApiSettings, environment);
  const log = createLogger({ service: "hub", level: settings.LOG_LEVEL });
  const clock = systemClock;
  const ids = createIds(clock);
  const db = createDb({ url: settings.DATABASE_URL });
  const deps = createHubDeps(settings, { clock, log });
  const auth = createAuth({
    db,
    clock,
    ids,
    log,
    mailer: deps.mailer,
    secret: secretOf(settings.BETTER_AUTH_SECRET),
    hubUrl: settings.HUB_URL,
    trustedOrigins: [settings.WEBSITE_URL],
    trustedProxies: settings.TRUSTED_PROXIES,
  });
  return { ctx: { clock, ids, log, db, deps }, auth };
}
