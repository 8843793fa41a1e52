import { DiskState, type HeartbeatInput, type HeartbeatResult, OrderId } from "@berth/contracts";
import { inTransaction, type Tenant, type Tx } from "@berth/db";
import { fail, isoOf } from "@berth/platform";
import { type CtxWith, requireActor } from "../context.ts";
import { publishEvent } from "../events/publish.ts";
import { enqueueJob } from "../outbox/enqueue-job.ts";
import { alertRefusals } from "./alert-refusals.ts";

/**
 * Keeps what the VPS says of itself; a gate that is not verified makes the tenant `degraded`. The first verified heartbeat
 * of an order that waits for it moves that order on.
 */
export async function recordHeartbeat({
  ctx,
  input,
}: {
  ctx: CtxWith<"config">;
  input: HeartbeatInput;
}): Promise<HeartbeatResult> {
  const { tenantId } = requireActor(ctx, "tenantAgent");
  const lastCommandSeq = await inTransaction(ctx.db, async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "Tenant" WHERE "id" = ${tenantId} FOR UPDATE`;
    const before = await tx.tenant.findUnique({ where: { id: tenantId }, include: { order: true } });
    if (!before) fail("not_found", "There is no such tenant.");
    const after = await keepFacts(tx, ctx, before, input);
    const becameVerified = before.gateVerifiedAt === null && after.gateVerifiedAt !== null;
    // An order may still be on its way to REGISTERED at its first verified heartbeat, so both kinds of news count.
    if (input.gate.verified && (becameVerified || before.order.state === "REGISTERED")) {
      await enqueueJob(tx, ctx, "order.advance", { orderId: OrderId.parse(before.orderId) });
    }
    const alerted = await alertRefusals(tx, ctx, before, input.egress);
    const becameOther = before.health !== after.health || before.policyVersion !== after.policyVersion;
    if (becameVerified || becameOther || alerted || diskChanged(before, input)) {
      await publishEvent(tx, { entity: "tenant", id: tenantId, tenantId, organizationId: before.organizationId });
    }
    return after.lastCommandSeq;
  });
  const { heartbeatIntervalMs } = ctx.deps.config;
  return { serverTime: isoOf(ctx.clock.now()), heartbeatIntervalMs, lastCommandSeq };
}

const diskChanged = (before: Tenant, { disk }: HeartbeatInput): boolean =>
  disk !== undefined && disk.state !== (before.disk === null ? "ok" : DiskState.parse(before.disk).state);

function keepFacts(tx: Tx, ctx: CtxWith, before: Tenant, input: HeartbeatInput): Promise<Tenant> {
  const now = new Date(ctx.clock.now());
  return tx.tenant.update({
    where: { id: before.id },
    data: {
      health: input.gate.verified ? "healthy" : "degraded",
      gate: input.gate,
      versions: input.versions,
      bootId: input.bootId,
      load: input.load,
      budget: input.budget,
      openApprovals: input.openApprovals,
      // What a server does not say does not unsay what it said before.
      ...(input.egress ? { egress: input.egress } : {}),
      ...(input.disk ? { disk: input.disk } : {}),
      policyVersion: input.policyVersion,
      lastHeartbeatAt: now,
      gateVerifiedAt: before.gateVerifiedAt ?? (input.gate.verified ? now : null),
      updatedAt: now,
    },
  });
}
