import type { Clock } from "@berth/platform";
import { resourceMissing } from "./errors.ts";
import { stripeId } from "./ids.ts";
import { event } from "./objects/event.ts";
import type { AnyObject, ObjectKind, Objects } from "./objects/index.ts";
import type { Store } from "./store.ts";
import type { Webhooks } from "./webhooks.ts";

/** The API version whose shapes the emulator has. */
export const emulatedApiVersion = "2026-10-28.endive";

/** What every resource works with; it lives as long as the emulator. */
export interface Emulator {
  store: Store;
  clock: Clock;
  webhooks: Webhooks;
  /** Origin of the emulator's pages. */
  publicUrl: () => string;
}

/** One API request, or one act on a page, as the resources see it. */
export interface Call extends Emulator {
  requestId: string | null;
  idempotencyKey: string | null;
}

/** Unix seconds, Stripe's unit of time. */
export const secondsOf = (call: Pick<Emulator, "clock">): number => Math.floor(call.clock.now() / 1000);

/** Records an event about the object as it is now and queues it for the webhook endpoints. */
export function emit(call: Call, type: string, object: AnyObject, previous?: object): string {
  const made = event({
    id: stripeId("evt"),
    created: secondsOf(call),
    type,
    api_version: emulatedApiVersion,
    data: { object, ...(previous ? { previous_attributes: previous } : {}) },
    pending_webhooks: call.webhooks.endpointsFor(type).length,
    request: { id: call.requestId, idempotency_key: call.idempotencyKey },
  });
  call.store.put(made);
  call.webhooks.enqueue(made);
  return made.id;
}

/** The object, or Stripe's `resource_missing`. `param` is "id" when the id came in the address. */
export function demand<K extends ObjectKind>(call: Call, kind: K, id: string, param = "id"): Objects[K] {
  const found = call.store.find(kind, id);
  if (!found) throw resourceMissing(nameOf(kind), id, param);
  return found;
}

const nameOf = (kind: ObjectKind): string => (kind === "payment_method" ? "PaymentMethod" : kind.replace(/^.*\./, ""));
