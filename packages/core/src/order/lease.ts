import type { Ctx } from "../context.ts";

/** A killed worker's order is free again after this long; a living one renews well before. */
const leaseMs = 8_000;
const renewMs = 2_000;

type LeaseCtx = Pick<Ctx, "db" | "clock" | "ids" | "log">;

export interface Lease {
  holder: string;
  /** Gives the order back. An order that somebody else has taken over meanwhile stays theirs. */
  release(): Promise<void>;
}

/** Takes the order for this call alone, or answers when it may be free again (epoch ms). */
export async function takeLease(ctx: LeaseCtx, orderId: string): Promise<Lease | { busyUntil: number }> {
  const holder = ctx.ids.next("lse");
  const now = ctx.clock.now();
  const { count } = await ctx.db.order.updateMany({
    where: { id: orderId, OR: [{ leaseHolder: null }, { leaseExpiresAt: { lt: new Date(now) } }] },
    data: { leaseHolder: holder, leaseExpiresAt: new Date(now + leaseMs) },
  });
  if (count === 0) {
    const order = await ctx.db.order.findUnique({ where: { id: orderId }, select: { leaseExpiresAt: true } });
    return { busyUntil: order?.leaseExpiresAt?.getTime() ?? now };
  }
  const timer = setInterval(() => void renew(ctx, orderId, holder), renewMs);
  return {
    holder,
    async release() {
      clearInterval(timer);
      await ctx.db.order.updateMany({
        where: { id: orderId, leaseHolder: holder },
        data: { leaseHolder: null, leaseExpiresAt: null },
      });
    },
  };
}

async function renew(ctx: LeaseCtx, orderId: string, holder: string): Promise<void> {
  try {
    await ctx.db.order.updateMany({
      where: { id: orderId, leaseHolder: holder },
      data: { leaseExpiresAt: new Date(ctx.clock.now() + leaseMs) },
    });
  } catch (error) {
    // Not fatal: without a renewal the lease ends, and whoever takes over finds the state in the database.
    ctx.log.warn({ err: error, orderId }, "the lease could not be renewed");
  }
}
