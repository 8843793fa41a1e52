import { z } from "zod";

const origin = z.url().transform((url) => url.replace(/\/$/, ""));

/** Environment that every process of the Hub understands alike; each takes the part that it needs with `.pick()`. */
export const HubSettings = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must be a postgresql:// address"),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, "must be a redis:// address")
    .optional(),
  HUB_URL: origin,
  WEBSITE_URL: origin,
  REALTIME_URL: origin,
  TENANT_HUB_URL: origin,
  TENANT_REALTIME_URL: origin,
  TENANT_ANTHROPIC_URL: origin.optional(),
  TENANT_OPENAI_URL: origin.optional(),
  TENANT_GOOGLE_URL: origin.optional(),
  HEARTBEAT_INTERVAL_MS: z.coerce.number().int().min(1000).default(30_000),
  STRIPE_SECRET_KEY: z.string().min(1),
  STRIPE_WEBHOOK_SECRET: z.string().min(1),
  STRIPE_API_URL: z.url().optional(),
  MAIL_URL: z.string().regex(/^smtps?:\/\//, "must be an smtp:// address"),
  MAIL_FROM: z.string().min(3),
  HUB_SIGNING_KEY_FILE: z.string().min(1),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
});
export type HubSettings = z.infer<typeof HubSettings>;
