import { inTransaction } from "@berth/db";
import { type CtxWith, requireActor } from "../context.ts";
import { lockFoundSecret } from "./lock-found-secret.ts";
import { moveFoundSecret } from "./move-found-secret.ts";
import { openStates } from "./transitions.ts";

const atOnce = 100;

/** Ends what ran out of time and whose server has not said so, because it is away, say. No command: it keeps the time itself. */
export async function expireFoundSecrets({ ctx }: { ctx: CtxWith }): Promise<{ expired: number }> {
  requireActor(ctx, "system");
  const now = new Date(ctx.clock.now());
  const due = await ctx.db.foundSecret.findMany({
    where: { state: { in: openStates }, expiresAt: { lte: now } },
    orderBy: { expiresAt: "asc" },
    take: atOnce,
    select: { id: true },
  });
  let expired = 0;
  for (const { id } of due) {
    expired += await inTransaction(ctx.db, async (tx) => {
      const row = await lockFoundSecret(tx, { id });
      if (!openStates.some((state) => state === row.state)) return 0;
      await moveFoundSecret(tx, ctx, row, { to: "expired", action: "expired", data: { settledAt: now } });
      return 1;
    });
  }
  return { expired };
}
