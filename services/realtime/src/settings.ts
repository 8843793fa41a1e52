import type { Rate } from "./token-bucket.ts";

export interface LinkSettings {
  /** A peer that misses one ping is cut at the next. */
  pingIntervalMs: number;
  portalRate: Rate;
  tenantRate: Rate;
  /** After this a browser must come with a new ticket, so that a person who lost access does not stay connected. */
  portalMaxAgeMs: number;
}

export const defaultSettings: LinkSettings = {
  pingIntervalMs: 20_000,
  portalRate: { burst: 20, perSecond: 5 },
  tenantRate: { burst: 400, perSecond: 100 },
  portalMaxAgeMs: 3_600_000,
};
