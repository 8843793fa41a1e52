import { z } from "zod";
import { AgentName, Timestamp } from "./primitives.ts";

export const TokenKind = z.enum(["input", "output", "cache_read", "cache_write"]);
export type TokenKind = z.infer<typeof TokenKind>;

/** The total so far of one agent, model, kind and UTC hour. A total, so that sending it again changes nothing. */
export const UsageBucket = z.object({
  hour: Timestamp,
  agent: AgentName,
  provider: z.string().max(50),
  model: z.string().max(100),
  kind: TokenKind,
  tokens: z.int().nonnegative(),
});
export type UsageBucket = z.infer<typeof UsageBucket>;

/** Usage of the running billing period, for portal and admin. */
export const UsageSummary = z.object({
  periodStart: Timestamp,
  periodEnd: Timestamp,
  includedTokens: z.int(),
  totalTokens: z.int(),
  reportedTokens: z.int(),
  byKind: z.record(TokenKind, z.int()),
  byModel: z.array(z.object({ model: z.string(), tokens: z.int() })),
  byHour: z.array(z.object({ hour: Timestamp, tokens: z.int() })),
});
export type UsageSummary = z.infer<typeof UsageSummary>;
