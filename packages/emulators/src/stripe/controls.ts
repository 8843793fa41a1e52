import type { Delivery } from "./webhooks.ts";

/** Client of `/_emulator/*`. Every call rejects with the emulator's answer if that is not a success. */
export interface StripeControls {
  /** Pays a session without a browser. `declined` is the text that the page would have shown. */
  completeCheckout(sessionId: string, card?: string): Promise<{ declined: string | null }>;
  holdWebhooks(): Promise<void>;
  /** Resolves when every event that waited was tried once. */
  releaseWebhooks(order?: "oldest_first" | "newest_first"): Promise<void>;
  redeliver(eventId: string): Promise<void>;
  deliveries(): Promise<Delivery[]>;
  /** Ends the running period of a subscription now. */
  renewSubscription(subscriptionId: string): Promise<void>;
}

export function createStripeControls(options: { url: string; secretKey: string }): StripeControls {
  async function request(method: string, path: string, body?: object): Promise<{ status: number; json: unknown }> {
    const response = await fetch(`${options.url}/_emulator${path}`, {
      method,
      headers: { authorization: `Bearer ${options.secretKey}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok && response.status !== 402) throw new Error(`Stripe emulator ${response.status}: ${text}`);
    return { status: response.status, json: JSON.parse(text) };
  }

  return {
    async completeCheckout(sessionId, card) {
      const { status, json } = await request("POST", `/checkout/sessions/${sessionId}/complete`, card ? { card } : {});
      // The control answers 402 with the outcome's message, or without one when the session has expired.
      return { declined: status === 402 ? ((json as { message?: string }).message ?? "expired") : null };
    },
    async holdWebhooks() {
      await request("POST", "/webhooks/hold");
    },
    async releaseWebhooks(order = "oldest_first") {
      await request("POST", "/webhooks/release", { order });
    },
    async redeliver(eventId) {
      await request("POST", "/webhooks/redeliver", { event: eventId });
    },
    async deliveries() {
      const { json } = await request("GET", "/webhooks/deliveries");
      return (json as { deliveries: Delivery[] }).deliveries; // the emulator's own answer
    },
    async renewSubscription(subscriptionId) {
      await request("POST", `/subscriptions/${subscriptionId}/renew`);
    },
  };
}
