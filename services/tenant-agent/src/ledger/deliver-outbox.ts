import type { AgentDeps } from "../deps.ts";
import { backoffMs, type Repeater, repeat } from "../repeat.ts";
import type { Outbox, OutboxLane, OutboxMessage } from "./outbox.ts";

/** `retry`: try again later. `rejected`: the other side will never take it. */
export type Delivery = { result: "delivered" } | { result: "retry" | "rejected"; reason: string };

export interface DeliverOutboxInput {
  outbox: Outbox;
  lane: OutboxLane;
  deliver: (message: OutboxMessage) => Promise<Delivery>;
  deps: AgentDeps;
}

const idleMs = 60_000;

/** Delivers one message; answers after how many milliseconds to go on. */
async function deliverNext({ outbox, lane, deliver, deps }: DeliverOutboxInput): Promise<number> {
  const message = outbox.first(lane);
  if (!message) return idleMs;
  const delivery = await deliver(message);
  if (delivery.result === "delivered") {
    outbox.delivered(message.id);
    return 0;
  }
  deps.log.warn({ lane, path: message.path, attempt: message.attempts + 1, reason: delivery.reason }, delivery.result);
  if (delivery.result === "rejected") {
    outbox.bury(message.id, delivery.reason);
    return 0;
  }
  outbox.failed(message.id);
  return backoffMs(deps, message.attempts + 1);
}

/** Delivers a lane in order, each message until it is taken or refused for good. `hurry()` after each `put`. */
export const deliverOutbox = (input: DeliverOutboxInput): Repeater =>
  repeat(
    () => deliverNext(input),
    (error) => {
      input.deps.log.error({ err: error, lane: input.lane }, "outbox");
      return input.deps.timing.retryMaxMs;
    },
  );
