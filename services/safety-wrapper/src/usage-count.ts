import type { TokenKind, WrapperCheckIn } from "@berth/contracts";
import { z } from "zod";
import type { StoredMessage } from "./openclaw-api.ts";

const AssistantMessage = z.object({
  role: z.literal("assistant"),
  model: z.string().max(100),
  usage: z.object({
    input: z.int().nonnegative().default(0),
    output: z.int().nonnegative().default(0),
    cacheRead: z.int().nonnegative().default(0),
    cacheWrite: z.int().nonnegative().default(0),
  }),
  responseId: z.string().optional(),
  timestamp: z.number().optional(),
});

const kinds: [keyof z.infer<typeof AssistantMessage>["usage"], TokenKind][] = [
  ["input", "input"],
  ["output", "output"],
  ["cacheRead", "cache_read"],
  ["cacheWrite", "cache_write"],
];
const remembered = 2000;

type Usage = WrapperCheckIn["usage"];

/** The gateway's own count of tokens: the proxy's numbers are held against it. */
export interface UsageCount {
  add(agent: string, message: StoredMessage): void;
  /** What was counted since the last `take`; give it back with `restore` if it could not be delivered. */
  take(): Usage;
  restore(usage: Usage): void;
}

export function createUsageCount(): UsageCount {
  const totals = new Map<string, Usage[number]>();
  const seen = new Set<string>();
  const addBucket = (bucket: Usage[number]) => {
    const key = JSON.stringify([bucket.agent, bucket.model, bucket.kind]);
    totals.set(key, { ...bucket, tokens: bucket.tokens + (totals.get(key)?.tokens ?? 0) });
  };
  return {
    add(agent, message) {
      const parsed = AssistantMessage.safeParse(message);
      if (!parsed.success) return;
      const { model, usage, responseId, timestamp } = parsed.data;
      // The same message can be written more than once.
      const key = JSON.stringify([agent, responseId, timestamp, usage]);
      if (seen.has(key)) return;
      seen.add(key);
      const oldest = seen.values().next().value;
      if (seen.size > remembered && oldest !== undefined) seen.delete(oldest);
      for (const [name, kind] of kinds) if (usage[name] > 0) addBucket({ agent, model, kind, tokens: usage[name] });
    },
    take() {
      const usage = [...totals.values()];
      totals.clear();
      return usage;
    },
    restore: (usage) => usage.forEach(addBucket),
  };
}
