import { createStripeBilling } from "@berth/billing";
import { createSmtpMailer } from "@berth/notify";
import { type Clock, type Logger, secretOf } from "@berth/platform";
import type { Deps, HubConfig } from "../deps.ts";
import type { HubSettings } from "./hub-settings.ts";
import { loadHubKeys } from "./load-hub-keys.ts";

/** `event_name` of the Stripe meter that counts tokens. */
export const meterEventName = "berth_tokens";

export const hubConfigOf = (settings: HubSettings): HubConfig => ({
  websiteUrl: settings.WEBSITE_URL,
  hubUrl: settings.HUB_URL,
  realtimeUrl: settings.REALTIME_URL,
  tenantHubUrl: settings.TENANT_HUB_URL,
  tenantRealtimeUrl: settings.TENANT_REALTIME_URL,
  tenantLlm: {
    anthropic: settings.TENANT_ANTHROPIC_URL ?? null,
    openai: settings.TENANT_OPENAI_URL ?? null,
    google: settings.TENANT_GOOGLE_URL ?? null,
  },
  heartbeatIntervalMs: settings.HEARTBEAT_INTERVAL_MS,
});

/** What the verbs behind the Hub's HTTP API reach: Stripe, mail, signatures. The worker adds servers and their keys. */
export function createHubDeps(
  settings: HubSettings,
  { clock, log }: { clock: Clock; log: Logger },
): Pick<Deps, "config" | "billing" | "mailer" | "hubKeys"> {
  return {
    config: hubConfigOf(settings),
    billing: createStripeBilling({
      secretKey: secretOf(settings.STRIPE_SECRET_KEY),
      webhookSecret: secretOf(settings.STRIPE_WEBHOOK_SECRET),
      apiUrl: settings.STRIPE_API_URL,
      meterEventName,
      clock,
      log,
    }),
    mailer: createSmtpMailer({ url: settings.MAIL_URL, from: settings.MAIL_FROM, log }),
    hubKeys: loadHubKeys(settings.HUB_SIGNING_KEY_FILE),
  };
}
