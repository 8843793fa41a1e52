import type { CtxWith } from "../context.ts";

const keptMs = 24 * 3_600_000;

/** A ticket lives for a minute and each page makes one: a day later nobody asks who used it. */
export async function pruneTickets(ctx: CtxWith): Promise<number> {
  const before = new Date(ctx.clock.now() - keptMs);
  const { count } = await ctx.db.realtimeTicket.deleteMany({ where: { expiresAt: { lt: before } } });
  return count;
}
