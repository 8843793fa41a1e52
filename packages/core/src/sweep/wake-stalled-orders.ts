import { OrderId } from "@berth/contracts";
import { inTransaction } from "@berth/db";
import type { CtxWith } from "../context.ts";
import { workingStates } from "../order/steps/index.ts";
import { enqueueJob } from "../outbox/enqueue-job.ts";

const quietMs = 60_000;
const atOnce = 100;

/**
 * An order with work to do whose job got lost (a queue that was emptied, attempts that ran out) gets a new one. One job too
 * many is harmless: it finds the order taken or moved on. Answers how many were woken.
 */
export async function wakeStalledOrders(ctx: CtxWith): Promise<number> {
  const now = ctx.clock.now();
  const stalled = await ctx.db.order.findMany({
    where: {
      state: { in: workingStates },
      updatedAt: { lt: new Date(now - quietMs) },
      OR: [{ leaseHolder: null }, { leaseExpiresAt: { lt: new Date(now) } }],
    },
    select: { id: true },
    orderBy: { updatedAt: "asc" },
    take: atOnce,
  });
  for (const { id } of stalled) {
    await inTransaction(ctx.db, async (tx) => {
      await tx.order.update({ where: { id }, data: { updatedAt: new Date(now) } });
      await enqueueJob(tx, ctx, "order.advance", { orderId: OrderId.parse(id) });
    });
    ctx.log.warn({ orderId: id }, "a stalled order was woken");
  }
  return stalled.length;
}
