import { HubSettings } from "@berth/core";
import { z } from "zod";

const list = z.string().transform((text) => text.split(",").flatMap((one) => one.trim() || []));

/** Environment of the Hub's API. */
export const HubApiSettings = HubSettings.extend({
  BETTER_AUTH_SECRET: z.string().min(32),
  /** Addresses or networks of the proxies before the Hub, with commas. Without it all callers behind one share a limit. */
  TRUSTED_PROXIES: list.default([]),
});
