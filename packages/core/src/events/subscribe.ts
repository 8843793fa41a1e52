import type { Logger } from "@berth/platform";
import pg from "pg";
import { HubNotification, notificationChannel } from "./notification.ts";

export interface SubscribeInput {
  databaseUrl: string;
  log: Logger;
  onNotification(notification: HubNotification): void;
  /** Called each time the subscription stands again after it was lost: what was sent meanwhile has been missed. */
  onResumed(): void;
  /** Milliseconds between attempts to connect; a probe of a silent connection goes out every ten of these. */
  retryMs?: number;
}

export interface Subscription {
  /** Resolves once the first connection listens. */
  ready: Promise<void>;
  stop(): Promise<void>;
}

/** Listens on a connection of its own, and connects again for as long as nobody calls `stop()`. */
export function subscribe(input: SubscribeInput): Subscription {
  const retryMs = input.retryMs ?? 1000;
  const stopped = new AbortController();
  const first = Promise.withResolvers<void>();
  const loop = (async () => {
    for (let attempt = 0; !stopped.signal.aborted; attempt += 1) {
      await listenUntilLost(input, stopped.signal, retryMs * 10, () => {
        if (attempt > 0) input.onResumed();
        first.resolve();
      }).catch((error: unknown) => input.log.warn({ err: error }, "the event subscription was lost"));
      await pause(retryMs, stopped.signal);
    }
  })();
  return {
    ready: first.promise,
    stop: async () => {
      stopped.abort();
      await loop;
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}

/** Returns when `signal` aborts; throws when the connection fails, at the start or later. */
async function listenUntilLost(
  input: SubscribeInput,
  signal: AbortSignal,
  probeMs: number,
  onListening: () => void,
): Promise<void> {
  // A name of its own, so that operators can tell it from others in pg_stat_activity, whatever it asked last.
  const client = new pg.Client({
    connectionString: input.databaseUrl,
    keepAlive: true,
    application_name: "berth-events",
  });
  const lost = Promise.withResolvers<void>();
  lost.promise.catch(() => undefined); // it may fail before anybody waits for it
  client.on("error", (error) => lost.reject(error));
  client.on("end", () => lost.reject(new Error("the connection was closed")));
  client.on("notification", (message) => deliver(input, message.payload ?? ""));
  signal.addEventListener("abort", () => lost.resolve(), { once: true });
  try {
    await client.connect();
    await client.query(`LISTEN ${notificationChannel}`);
    onListening();
    // A peer that vanished without a word is only noticed by talking to it.
    const probe = setInterval(() => {
      client.query("SELECT 1").catch((error: unknown) => lost.reject(error));
    }, probeMs);
    await lost.promise.finally(() => clearInterval(probe));
  } finally {
    await client.end().catch(() => undefined);
  }
}

function deliver(input: SubscribeInput, payload: string): void {
  try {
    const parsed = HubNotification.safeParse(JSON.parse(payload));
    if (parsed.success) input.onNotification(parsed.data);
    else input.log.warn("a notification of another shape was left aside");
  } catch (error) {
    input.log.error({ err: error }, "a notification could not be handled");
  }
}
