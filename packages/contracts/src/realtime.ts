/** Frames of the two WebSockets of `services/realtime`: `/tenant` (a VPS) and `/portal` (a browser). */
import { z } from "zod";
import { TenantId, Timestamp } from "./primitives.ts";
import { TenantCommand } from "./tenant-api.ts";

/** Largest frame either side may send, in bytes; a bigger one closes the socket with 1009. */
export const maxFrameBytes = 256 * 1024;

const requestId = z.string().min(1).max(64);
export const ChatText = z.string().trim().min(1).max(16_000);

export const ChatMessage = z.object({
  id: z.string(),
  role: z.enum(["user", "assistant", "notice"]),
  text: z.string(),
  at: Timestamp,
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/** Chat facts that go up from the VPS and on to the browser unchanged. Text is already redacted. */
export const ChatFact = z.discriminatedUnion("type", [
  z.object({ type: z.literal("chat.accepted"), requestId }),
  /** `text` is the whole answer so far, so that a lost frame loses nothing. */
  z.object({ type: z.literal("chat.delta"), runId: z.string(), text: z.string() }),
  z.object({ type: z.literal("chat.final"), runId: z.string(), message: ChatMessage }),
  z.object({
    type: z.literal("chat.error"),
    requestId: requestId.optional(),
    runId: z.string().optional(),
    message: z.string(),
  }),
  z.object({ type: z.literal("chat.history"), requestId, messages: z.array(ChatMessage) }),
]);
export type ChatFact = z.infer<typeof ChatFact>;

/** Up: VPS to realtime. */
export const TenantUpFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("command.ack"), upToSeq: z.int().nonnegative() }),
  z.object({ type: z.literal("chat.fact"), fact: ChatFact }),
]);
export type TenantUpFrame = z.infer<typeof TenantUpFrame>;

/** Down: realtime to VPS. Commands are signed; chat frames can start a turn but never decide anything. */
export const TenantDownFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("command"), command: TenantCommand }),
  z.object({ type: z.literal("chat.send"), requestId, text: ChatText, from: z.string().max(200) }),
  z.object({ type: z.literal("chat.history"), requestId, limit: z.int().min(1).max(200) }),
]);
export type TenantDownFrame = z.infer<typeof TenantDownFrame>;

/** Up: browser to realtime. */
export const PortalUpFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("chat.send"), requestId, text: ChatText }),
  z.object({ type: z.literal("chat.history"), requestId, limit: z.int().min(1).max(200) }),
]);
export type PortalUpFrame = z.infer<typeof PortalUpFrame>;

/** Something changed; the browser reads it again over HTTP. The database is the truth, the socket a hint. */
export const HubEvent = z.object({
  type: z.literal("changed"),
  entity: z.enum(["order", "tenant", "approval", "secret", "usage"]),
  id: z.string(),
  tenantId: TenantId.nullable(),
  organizationId: z.string(),
});
export type HubEvent = z.infer<typeof HubEvent>;

/** Down: realtime to browser. */
export const PortalDownFrame = z.discriminatedUnion("type", [
  ...ChatFact.options,
  HubEvent,
  z.object({ type: z.literal("agent.link"), connected: z.boolean() }),
  z.object({ type: z.literal("error"), code: z.string(), message: z.string() }),
]);
export type PortalDownFrame = z.infer<typeof PortalDownFrame>;

/** A short-lived, single-use ticket; `url` is complete, the ticket in it. Cookies stay with the Hub's origin. */
export const RealtimeTicket = z.object({ ticket: z.string(), url: z.url(), expiresAt: Timestamp });
export type RealtimeTicket = z.infer<typeof RealtimeTicket>;
