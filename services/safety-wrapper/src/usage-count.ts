import type { TokenKind, WrapperCheckIn } from "@berth/contracts";
import { z } from "zod";

const FinishedTurn = z.object({
  model: z.string().max(100),
  usage: z.object({
    input: z.int().nonnegative().default(0),
    output: z.int().nonnegative().default(0),
    cacheRead: z.int().nonnegative().default(0),
    cacheWrite: z.int().nonnegative().default(0),
  }),
});

const kinds: [keyof z.infer<typeof FinishedTurn>["usage"], TokenKind][] = [
  ["input", "input"],
  ["output", "output"],
  ["cacheRead", "cache_read"],
  ["cacheWrite", "cache_write"],
];

type Usage = WrapperCheckIn["usage"];

/** The gateway's own count of tokens: the proxy's numbers are held against it. */
export interface UsageCount {
  /** `turn` is an event of the hook `llm_output`, which comes once per turn with the sum of its model calls. */
  add(agent: string, turn: unknown): void;
  /** What was counted since the last `take`; give it back with `restore` if it could not be delivered. */
  take(): Usage;
  restore(usage: Usage): void;
}

export function createUsageCount(): UsageCount {
  const totals = new Map<string, Usage[number]>();
  const addBucket = (bucket: Usage[number]) => {
    const key = JSON.stringify([bucket.agent, bucket.model, bucket.kind]);
    totals.set(key, { ...bucket, tokens: bucket.tokens + (totals.get(key)?.tokens ?? 0) });
  };
  return {
    add(agent, turn) {
      const parsed = FinishedTurn.safeParse(turn);
      if (!parsed.success) return;
      const { model, usage } = parsed.data;
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
