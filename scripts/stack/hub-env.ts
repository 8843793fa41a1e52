import type { LlmApi } from "@berth/contracts";
import type { loadDevSecrets } from "./dev-secrets.ts";
import { cacheDir, type StackOptions } from "./stack-options.ts";

/** Addresses under which a customer's server reaches what runs here; in the lab they are names in its /etc/hosts. */
export interface TenantAddresses extends Record<LlmApi, string> {
  hub: string;
  realtime: string;
}

/** Where the providers themselves answer. */
export const providerAddresses: Record<LlmApi, string> = {
  anthropic: "https://api.anthropic.com",
  openai: "https://api.openai.com",
  google: "https://generativelanguage.googleapis.com",
};

const local = (port: number, scheme = "http"): string => `${scheme}://127.0.0.1:${port}`;

/** What is set in the environment wins: with a real key the real thing is used, and its emulator is not started. */
export const usesEmulator = (options: StackOptions) => ({
  stripe: !options.env.STRIPE_SECRET_KEY,
  mail: !options.env.MAIL_URL,
  anthropic: !options.env.LLM_ANTHROPIC_KEY,
  openai: !options.env.LLM_OPENAI_KEY,
  google: !options.env.LLM_GOOGLE_KEY,
  postgres: !options.env.DATABASE_URL,
  servers: !options.env.HETZNER_TOKEN,
});

/** The environment of every Hub process; each parses what it needs of it. */
export function hubEnvironment(
  options: StackOptions,
  input: {
    databaseUrl: string;
    secrets: ReturnType<typeof loadDevSecrets>;
    tenant: TenantAddresses;
    labDir: string;
    artefactDir: string;
  },
): Record<string, string> {
  const { ports, env } = options;
  const { secrets, tenant } = input;
  const emulated = usesEmulator(options);
  const settings: Record<string, string | undefined> = {
    NODE_ENV: "production",
    PATH: env.PATH,
    HOME: env.HOME,
    NODE_NO_WARNINGS: "1",
    DATABASE_URL: input.databaseUrl,
    REDIS_URL: env.REDIS_URL,
    HUB_URL: env.HUB_URL ?? local(ports.hub),
    WEBSITE_URL: env.WEBSITE_URL ?? local(ports.website),
    REALTIME_URL: env.REALTIME_URL ?? local(ports.realtime, "ws"),
    BETTER_AUTH_SECRET: env.BETTER_AUTH_SECRET ?? secrets.betterAuthSecret,
    TRUSTED_PROXIES: env.TRUSTED_PROXIES,
    STRIPE_SECRET_KEY: env.STRIPE_SECRET_KEY ?? secrets.stripeSecretKey,
    STRIPE_WEBHOOK_SECRET: env.STRIPE_WEBHOOK_SECRET ?? secrets.stripeWebhookSecret,
    STRIPE_API_URL: emulated.stripe ? local(ports.stripe) : undefined,
    MAIL_URL: env.MAIL_URL ?? `smtp://127.0.0.1:${ports.smtp}`,
    MAIL_FROM: env.MAIL_FROM ?? "Berth <hello@berth.test>",
    HUB_SIGNING_KEY_FILE: env.HUB_SIGNING_KEY_FILE ?? secrets.signingKeyFile,
    HUB_SEAL_KEY_FILE: env.HUB_SEAL_KEY_FILE ?? secrets.sealKeyFile,
    VPS_PROVIDER: emulated.servers ? "local" : "hetzner",
    HETZNER_TOKEN: env.HETZNER_TOKEN,
    HETZNER_IMAGE: env.HETZNER_IMAGE,
    HETZNER_LOCATION: env.HETZNER_LOCATION,
    LOCAL_MODE: options.mode,
    LAB_DIR: input.labDir,
    LAB_CACHE_DIR: cacheDir,
    TENANT_ARTEFACT_DIR: input.artefactDir,
    TENANT_HUB_URL: env.TENANT_HUB_URL ?? tenant.hub,
    TENANT_REALTIME_URL: env.TENANT_REALTIME_URL ?? tenant.realtime,
    TENANT_ANTHROPIC_URL: emulated.anthropic ? tenant.anthropic : providerAddresses.anthropic,
    TENANT_OPENAI_URL: emulated.openai ? tenant.openai : providerAddresses.openai,
    TENANT_GOOGLE_URL: emulated.google ? tenant.google : providerAddresses.google,
    LLM_ANTHROPIC_KEY: env.LLM_ANTHROPIC_KEY ?? secrets.anthropicKey,
    LLM_OPENAI_KEY: env.LLM_OPENAI_KEY ?? secrets.openaiKey,
    LLM_GOOGLE_KEY: env.LLM_GOOGLE_KEY ?? secrets.googleKey,
    HEARTBEAT_INTERVAL_MS: String(options.heartbeatIntervalMs),
    LOG_LEVEL: env.LOG_LEVEL,
  };
  return Object.fromEntries(Object.entries(settings).flatMap(([key, value]) => (value ? [[key, value]] : [])));
}
