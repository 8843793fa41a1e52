import type { Clock, Logger, Secret } from "@berth/platform";
import { fail, reveal } from "@berth/platform";
import Stripe from "stripe";

export interface StripeBillingOptions {
  secretKey: Secret;
  webhookSecret: Secret;
  /** Origin of the Stripe emulator; Stripe itself if absent. */
  apiUrl?: string | undefined;
  /** `event_name` of the meter that counts tokens. */
  meterEventName: string;
  clock: Clock;
  log: Logger;
}

/** What every verb of this package gets. */
export interface StripeContext {
  stripe: Stripe;
  webhookSecret: Secret;
  meterEventName: string;
  clock: Clock;
  log: Logger;
}

/** The API version this code was written for; a newer one in the dashboard changes nothing. */
export const stripeApiVersion = "2026-10-28.endive" satisfies typeof Stripe.API_VERSION;

export function createStripeContext(options: StripeBillingOptions): StripeContext {
  const stripe = new Stripe(reveal(options.secretKey), {
    apiVersion: stripeApiVersion,
    telemetry: false,
    maxNetworkRetries: 2,
    timeout: 20_000,
    ...(options.apiUrl ? addressOf(options.apiUrl) : {}),
  });
  const { webhookSecret, meterEventName, clock, log } = options;
  return { stripe, webhookSecret, meterEventName, clock, log };
}

function addressOf(apiUrl: string): { host: string; port: number; protocol: "http" | "https" } {
  const url = URL.parse(apiUrl);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) {
    fail("invalid_input", "The address of the Stripe API must start with http:// or https://.");
  }
  const protocol = url.protocol === "http:" ? "http" : "https";
  return { host: url.hostname, port: Number(url.port || (protocol === "http" ? 80 : 443)), protocol };
}
