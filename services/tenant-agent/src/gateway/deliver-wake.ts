import type { ChatFact } from "@berth/contracts";
import { AppError, isoOf } from "@berth/platform";
import { z } from "zod";
import type { AgentDeps } from "../deps.ts";
import { type Delivery, deliverOutbox } from "../ledger/deliver-outbox.ts";
import type { Outbox, OutboxMessage } from "../ledger/outbox.ts";
import type { Repeater } from "../repeat.ts";
import type { GatewayClient } from "./gateway-client.ts";
import { chatSessionKey } from "./sessions.ts";

/** Body of a message in the outbox's `gateway` lane. */
export const WakeMessage = z.object({
  sessionKey: z.string(),
  fallbackSessionKey: z.string(),
  message: z.string(),
  idempotencyKey: z.string(),
});
export type WakeMessage = z.infer<typeof WakeMessage>;

/**
 * Wakes a session with a text. The key makes a second delivery harmless. A session that is gone (a finished cron run, say)
 * is answered for by its agent's main one.
 */
export async function deliverWake(
  gateway: Pick<GatewayClient, "call">,
  { body }: OutboxMessage,
  onWoken: (wake: WakeMessage) => void,
): Promise<Delivery> {
  const wake = WakeMessage.parse(JSON.parse(body));
  const { message, idempotencyKey } = wake;
  let reason = "";
  for (const sessionKey of new Set([wake.sessionKey, wake.fallbackSessionKey])) {
    try {
      await gateway.call("chat.send", { sessionKey, message, idempotencyKey }, z.unknown());
      onWoken({ ...wake, sessionKey });
      return { result: "delivered" };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code !== "invalid_input") return { result: "retry", reason: error.publicMessage };
      reason = error.publicMessage;
    }
  }
  return { result: "rejected", reason };
}

/** Delivers the `gateway` lane; what wakes the customer's own session shows there as a notice, too. */
export const startWakes = (input: {
  outbox: Outbox;
  gateway: Pick<GatewayClient, "call">;
  emit: (fact: ChatFact) => void;
  deps: AgentDeps;
}): Repeater =>
  deliverOutbox({
    ...input,
    lane: "gateway",
    deliver: (message) =>
      deliverWake(input.gateway, message, ({ sessionKey, message: text, idempotencyKey: id }) => {
        if (sessionKey !== chatSessionKey) return;
        const at = isoOf(input.deps.clock.now());
        input.emit({ type: "chat.final", runId: id, message: { id, role: "notice", text, at } });
      }),
  });
