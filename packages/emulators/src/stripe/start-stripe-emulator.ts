import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type Clock, systemClock } from "@berth/platform";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { createApi } from "./api.ts";
import type { Emulator } from "./call.ts";
import { createControl } from "./control.ts";
import { stripeId } from "./ids.ts";
import { webhookEndpoint } from "./objects/event.ts";
import { createPages } from "./pages/routes.ts";
import { openStore, type Store } from "./store.ts";
import { createWebhooks } from "./webhooks.ts";

export interface StripeEmulatorOptions {
  /** A free one if absent or 0. */
  port?: number;
  /** Address to listen on; 127.0.0.1 if absent. */
  host?: string;
  /** The key that clients must send, e.g. `sk_test_…`. */
  secretKey: string;
  /** An endpoint that exists from the start, as one made by hand in the dashboard would. */
  webhook?: { url: string; secret: string; events?: readonly string[] };
  /** SQLite file that keeps the state; in memory if absent. */
  file?: string;
  clock?: Clock;
  /** Waits between delivery attempts. */
  retryDelaysMs?: readonly number[];
  /** How long an endpoint may take to answer. */
  webhookTimeoutMs?: number;
}

export interface StripeEmulator {
  url: string;
  /** Sends what has become due; for tests that move a clock by hand. */
  deliverDue(): void;
  close(): Promise<void>;
}

const seconds = 1000;
const hours = 3600 * seconds;
const defaultRetryDelaysMs = [
  2 * seconds,
  10 * seconds,
  60 * seconds,
  300 * seconds,
  0.5 * hours,
  2 * hours,
  5 * hours,
  10 * hours,
  12 * hours,
  24 * hours,
];

/** Stripe on 127.0.0.1, as far as Berth uses it. Resolves when it listens. */
export async function startStripeEmulator(options: StripeEmulatorOptions): Promise<StripeEmulator> {
  const { clock = systemClock, retryDelaysMs = defaultRetryDelaysMs, webhookTimeoutMs: timeoutMs = 10_000 } = options;
  const store = openStore(options.file);
  const webhooks = createWebhooks({ store, clock, retryDelaysMs, timeoutMs });
  let url = "";
  const emulator: Emulator = { store, clock, webhooks, publicUrl: () => url };
  if (options.webhook) ensureEndpoint(store, clock, options.webhook);

  const api = createApi(emulator, options.secretKey);
  api.route("/_emulator", createControl(emulator, options.secretKey));
  const app = new Hono();
  app.route("/", createPages(emulator));
  app.route("/", api);
  const server = createAdaptorServer({ fetch: app.fetch });
  server.listen(options.port ?? 0, options.host ?? "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a TCP port has an AddressInfo.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  webhooks.wake();

  return {
    url,
    deliverDue: webhooks.wake,
    async close() {
      const closed = once(server, "close");
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
      await webhooks.close();
      store.close();
    },
  };
}

function ensureEndpoint(store: Store, clock: Clock, wanted: NonNullable<StripeEmulatorOptions["webhook"]>): void {
  const present = store.list("webhook_endpoint").find((one) => one.url === wanted.url);
  const events = [...(wanted.events ?? ["*"])];
  const made =
    present ??
    webhookEndpoint({
      id: stripeId("we"),
      created: Math.floor(clock.now() / 1000),
      url: wanted.url,
      enabled_events: events,
      api_version: null,
      description: null,
      metadata: {},
    });
  store.put({ ...made, enabled_events: events, status: "enabled" });
  store.hide(made.id, wanted.secret);
}
