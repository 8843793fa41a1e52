import { createHmac } from "node:crypto";
import type { Clock } from "@berth/platform";
import type { Event, WebhookEndpoint } from "./objects/event.ts";
import type { Store } from "./store.ts";

export interface Delivery {
  id: number;
  event: string;
  endpoint: string;
  attempts: number;
  dueAtMs: number;
  state: "pending" | "delivered" | "given_up";
  lastStatus: number | null;
  lastError: string | null;
}

export interface WebhookOptions {
  store: Store;
  clock: Clock;
  /** Waits between attempts; after the last one the event is given up. */
  retryDelaysMs: readonly number[];
  timeoutMs: number;
}

/** Stripe's scheme: HMAC-SHA256 over `<seconds>.<raw body>`. */
export function signatureHeader(payload: string, secret: string, seconds: number): string {
  const signature = createHmac("sha256", secret).update(`${seconds}.${payload}`).digest("hex");
  return `t=${seconds},v1=${signature}`;
}

/** Delivers events at least once: an endpoint that does not answer 2xx is asked again until the schedule ends. */
export function createWebhooks({ store, clock, retryDelaysMs, timeoutMs }: WebhookOptions) {
  const { database } = store;
  const insert = database.prepare(
    "INSERT INTO deliveries (event, endpoint, attempts, due_at, state) VALUES (?, ?, 0, ?, 'pending')",
  );
  const update = database.prepare(
    "UPDATE deliveries SET attempts = ?, due_at = ?, state = ?, last_status = ?, last_error = ? WHERE id = ?",
  );
  const select = database.prepare("SELECT * FROM deliveries ORDER BY id");
  const inFlight = new Map<number, Promise<void>>();
  let held = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const deliveries = (): Delivery[] => select.all().map(deliveryOf);
  const pending = () => deliveries().filter((one) => one.state === "pending" && !inFlight.has(one.id));

  const endpointsFor = (type: string): WebhookEndpoint[] =>
    store
      .list("webhook_endpoint")
      .filter((one) => one.status === "enabled" && one.enabled_events.some((name) => name === "*" || name === type));

  async function attempt(delivery: Delivery): Promise<void> {
    const event = store.find("event", delivery.event);
    const endpoint = store.find("webhook_endpoint", delivery.endpoint);
    const secret = store.hidden<string>(delivery.endpoint);
    const result =
      event && endpoint && secret
        ? await post(endpoint.url, event, secret)
        : { status: null, error: "endpoint deleted" };
    if (closed) return;
    const attempts = delivery.attempts + 1;
    const delivered = result.status !== null && result.status >= 200 && result.status < 300;
    const waitMs = retryDelaysMs[attempts - 1];
    const state = delivered ? "delivered" : waitMs === undefined || !endpoint ? "given_up" : "pending";
    update.run(attempts, clock.now() + (waitMs ?? 0), state, result.status, result.error, delivery.id);
    if (delivered && event) store.put({ ...event, pending_webhooks: Math.max(0, event.pending_webhooks - 1) });
  }

  async function post(
    url: string,
    event: Event,
    secret: string,
  ): Promise<{ status: number | null; error: string | null }> {
    const body = JSON.stringify(event, null, 2);
    try {
      const response = await fetch(url, {
        method: "POST",
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          "content-type": "application/json; charset=utf-8",
          "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
          "stripe-signature": signatureHeader(body, secret, Math.floor(clock.now() / 1000)),
        },
      });
      await response.body?.cancel();
      return { status: response.status, error: null };
    } catch (thrown) {
      return { status: null, error: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }

  function send(delivery: Delivery): Promise<void> {
    const sending = attempt(delivery).finally(() => {
      inFlight.delete(delivery.id);
      if (!closed) wake();
    });
    inFlight.set(delivery.id, sending);
    return sending;
  }

  /** Sends what is due by the clock and sets the timer for the next one. */
  function wake(): void {
    clearTimeout(timer);
    if (held || closed) return;
    const waiting = pending();
    for (const delivery of waiting) if (delivery.dueAtMs <= clock.now()) void send(delivery);
    const next = Math.min(...waiting.filter((one) => one.dueAtMs > clock.now()).map((one) => one.dueAtMs));
    if (Number.isFinite(next)) timer = setTimeout(wake, Math.min(next - clock.now(), 2 ** 31 - 1)).unref();
  }

  return {
    endpointsFor,
    deliveries,
    /** Call inside the transaction that stores the event, then `wake` after it. */
    enqueue(event: Event): void {
      for (const endpoint of endpointsFor(event.type)) insert.run(event.id, endpoint.id, clock.now());
    },
    wake,
    hold(): void {
      held = true;
    },
    /** Lets held events go, one after the other in the order asked for. Resolves when each had one attempt. */
    async release(order: "oldest_first" | "newest_first"): Promise<void> {
      const waiting = pending();
      if (order === "newest_first") waiting.reverse();
      for (const delivery of waiting) await send(delivery);
      held = false;
      wake();
    },
    /** Sends an event once more to every endpoint, whether or not it arrived before. */
    async redeliver(event: Event): Promise<void> {
      const since = Math.max(0, ...deliveries().map((one) => one.id));
      for (const endpoint of endpointsFor(event.type)) insert.run(event.id, endpoint.id, clock.now());
      await Promise.all(
        pending()
          .filter((one) => one.id > since)
          .map(send),
      );
    },
    /** Resolves when the attempts that are under way now have ended: the hosted page waits for this. */
    async idle(): Promise<void> {
      await Promise.all(inFlight.values());
    },
    async close(): Promise<void> {
      closed = true;
      clearTimeout(timer);
      await Promise.race([Promise.all(inFlight.values()), new Promise((resolve) => setTimeout(resolve, 500).unref())]);
    },
  };
}

export type Webhooks = ReturnType<typeof createWebhooks>;

function deliveryOf(row: Record<string, unknown>): Delivery {
  return {
    id: Number(row.id),
    event: String(row.event),
    endpoint: String(row.endpoint),
    attempts: Number(row.attempts),
    dueAtMs: Number(row.due_at),
    state: row.state === "delivered" ? "delivered" : row.state === "given_up" ? "given_up" : "pending",
    lastStatus: row.last_status === null ? null : Number(row.last_status),
    lastError: row.last_error === null ? null : String(row.last_error),
  };
}
