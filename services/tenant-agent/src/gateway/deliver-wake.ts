import { AppError } from "@berth/platform";
import { z } from "zod";
import type { Delivery } from "../ledger/deliver-outbox.ts";
import type { OutboxMessage } from "../ledger/outbox.ts";
import type { GatewayClient } from "./gateway-client.ts";

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
