/** The real worker as a process of its own, with the outside faked in a folder. It can be told to freeze at one point. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { createDb, HubSettings, hubConfigOf } from "@berth/core";
import { createIds, createLogger, generateSigningKey, secretOf, systemClock } from "@berth/platform";
import { createFakeMailer, createFakeServers } from "@berth/testkit";
import { z } from "zod";
import { startWorker } from "../start-worker.ts";

const Options = z.object({
  databaseUrl: z.string(),
  redisUrl: z.string().optional(),
  dir: z.string(),
  sealKey: z.string(),
  freezeAt: z.string().optional(),
});
const options = Options.parse(JSON.parse(process.argv[2] ?? "{}"));

const frozen = Promise.withResolvers<void>();
const servers = createFakeServers({
  dir: options.dir,
  async inject(point) {
    if (point !== options.freezeAt) return;
    writeFileSync(path.join(options.dir, "frozen"), point);
    await frozen.promise;
  },
});
const local = "http://127.0.0.1:9";
const config = hubConfigOf(
  HubSettings.parse({
    DATABASE_URL: options.databaseUrl,
    HUB_URL: local,
    WEBSITE_URL: local,
    REALTIME_URL: local,
    TENANT_HUB_URL: local,
    TENANT_REALTIME_URL: local,
    STRIPE_SECRET_KEY: "unused",
    STRIPE_WEBHOOK_SECRET: "unused",
    MAIL_URL: "smtp://127.0.0.1:9",
    MAIL_FROM: "a@example.com",
    HUB_SIGNING_KEY_FILE: "unused",
  }),
);
const { privateKey, publicKey } = generateSigningKey();
const notAsked = () => Promise.reject(new Error("this worker has no Stripe"));
const clock = systemClock;
const log = createLogger({ service: "worker", level: "info" });
await startWorker({
  ctx: {
    clock,
    ids: createIds(clock),
    log,
    db: createDb({ url: options.databaseUrl }),
    deps: {
      config,
      billing: {
        ensureCatalogue: notAsked,
        createCheckout: notAsked,
        readCheckout: notAsked,
        readSubscription: notAsked,
        createPortalSession: notAsked,
        parseWebhook: notAsked,
        reportMeterEvent: notAsked,
        readMeterTotal: notAsked,
        cancelSubscription: notAsked,
        refundSubscription: notAsked,
      },
      mailer: createFakeMailer(),
      vps: servers.vps,
      dns: servers.dns,
      provision: servers.provision,
      hubKeys: { current: { kid: "hub-test", privateKey }, all: [{ kid: "hub-test", publicKey }] },
      llmKeys: { anthropic: secretOf("sk-ant-operator"), openai: null },
      sealKey: Buffer.from(options.sealKey, "base64url"),
    },
  },
  address: { databaseUrl: options.databaseUrl, redisUrl: options.redisUrl, prefix: path.basename(options.dir) },
  sweepEveryMs: 60_000,
  lockMs: 3_000,
});
log.info("worker works");
