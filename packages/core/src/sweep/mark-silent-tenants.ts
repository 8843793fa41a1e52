import { TenantId } from "@berth/contracts";
import { inTransaction, type Prisma } from "@berth/db";
import type { CtxWith } from "../context.ts";
import { publishEvent } from "../events/publish.ts";

const missedHeartbeats = 4;
const silenceMsMin = 30_000;
const atOnce = 200;

/** A tenant that missed four heartbeats is `offline`; its next one says what it is. Answers how many fell silent now. */
export async function markSilentTenants(ctx: CtxWith<"config">): Promise<number> {
  const now = ctx.clock.now();
  const silenceMs = Math.max(ctx.deps.config.heartbeatIntervalMs * missedHeartbeats, silenceMsMin);
  const where: Prisma.TenantWhereInput = {
    health: { in: ["healthy", "degraded"] },
    lastHeartbeatAt: { lt: new Date(now - silenceMs) },
  };
  const tenants = await ctx.db.tenant.findMany({ where, select: { id: true, organizationId: true }, take: atOnce });
  let marked = 0;
  for (const { id, organizationId } of tenants) {
    marked += await inTransaction(ctx.db, async (tx) => {
      const { count } = await tx.tenant.updateMany({
        where: { ...where, id },
        data: { health: "offline", updatedAt: new Date(now) },
      });
      const tenantId = TenantId.parse(id);
      if (count > 0) await publishEvent(tx, { entity: "tenant", id, tenantId, organizationId });
      return count;
    });
  }
  return marked;
}
