/** `data.object` is the object as it was when the event happened. */
export const event = (input: {
  id: string;
  created: number;
  type: string;
  api_version: string;
  data: { object: object; previous_attributes?: object };
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
}) => ({ ...input, object: "event" as const, livemode: false });
export type Event = ReturnType<typeof event>;

export const webhookEndpoint = (input: {
  id: string;
  created: number;
  url: string;
  enabled_events: string[];
  api_version: string | null;
  description: string | null;
  metadata: Record<string, string>;
}) => ({
  ...input,
  object: "webhook_endpoint" as const,
  application: null,
  livemode: false,
  status: "enabled" as "enabled" | "disabled",
});
export type WebhookEndpoint = ReturnType<typeof webhookEndpoint>;
