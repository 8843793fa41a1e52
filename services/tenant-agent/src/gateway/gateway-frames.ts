/** The part of OpenClaw's gateway protocol 4 that is used here, as seen on the wire of the pinned version. */
import { z } from "zod";

export const GatewayResponse = z.object({
  type: z.literal("res"),
  id: z.string(),
  ok: z.boolean(),
  payload: z.unknown().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
export const GatewayEvent = z.object({ type: z.literal("event"), event: z.string(), payload: z.unknown().optional() });
export const GatewayFrame = z.discriminatedUnion("type", [GatewayResponse, GatewayEvent]);

const Content = z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]);

/** Text of a message's content, its text parts joined. */
export const textOf = (content: z.infer<typeof Content> | undefined): string =>
  typeof content === "string"
    ? content
    : (content ?? [])
        .filter((part) => part.type === "text")
        .map((part) => part.text ?? "")
        .join("\n");

/** Payload of the `chat` event. `delta` carries the whole text so far. */
export const GatewayChatEvent = z.object({
  runId: z.string(),
  sessionKey: z.string(),
  state: z.string(),
  message: z.object({ role: z.string(), content: Content.optional(), timestamp: z.number().optional() }).optional(),
  errorMessage: z.string().optional(),
});

/** A row of `chat.history`. */
export const GatewayHistoryMessage = z.object({
  role: z.string(),
  content: Content.optional(),
  timestamp: z.number().optional(),
  stopReason: z.string().optional(),
  idempotencyKey: z.string().optional(),
  __openclaw: z.object({ id: z.string().optional(), runId: z.string().optional() }).optional(),
});
export type GatewayHistoryMessage = z.infer<typeof GatewayHistoryMessage>;
export const GatewayHistory = z.object({ messages: z.array(GatewayHistoryMessage) });

export const GatewayRun = z.object({ runId: z.string() });
export const GatewayRunResult = z.object({
  status: z.string(),
  terminalReply: z.object({ text: z.string().optional() }).optional(),
  error: z.unknown().optional(),
});
export const GatewayCronJob = z.object({
  id: z.string(),
  name: z.string(),
  schedule: z.looseObject({ kind: z.string(), expr: z.string().optional() }),
  payload: z.looseObject({ message: z.string().optional() }).optional(),
});
export const GatewayCronJobs = z.object({ jobs: z.array(GatewayCronJob) });
