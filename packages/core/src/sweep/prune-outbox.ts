import type { CtxWith } from "../context.ts";

const keptMs = 7 * 24 * 3_600_000;

/** Rows that the queue has had for a week go; until then they tell what happened when. */
export async function pruneOutbox(ctx: CtxWith): Promise<number> {
  const before = new Date(ctx.clock.now() - keptMs);
  const { count } = await ctx.db.outboxMessage.deleteMany({ where: { dispatchedAt: { lt: before } } });
  return count;
}
