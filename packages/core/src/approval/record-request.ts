import type { ApprovalId, ReportApprovalInput } from "@berth/contracts";
import { inTransaction, type Tx } from "@berth/db";
import { fail } from "@berth/platform";
import { recordAudit } from "../audit/record-audit.ts";
import { type CtxWith, requireActor } from "../context.ts";
import { publishEvent } from "../events/publish.ts";
import { enqueueJob } from "../outbox/enqueue-job.ts";
import { storable } from "./storable.ts";

/**
 * Keeps a call that waits for the customer's word. The same request again changes nothing.
 * Throws `conflict` for the same id with other arguments, `not_found` for an id that another tenant uses.
 */
export async function recordRequest({
  ctx,
  input,
}: {
  ctx: CtxWith;
  input: ReportApprovalInput;
}): Promise<{ approvalId: ApprovalId }> {
  const { tenantId } = requireActor(ctx, "tenantAgent");
  await inTransaction(ctx.db, async (tx) => {
    const { organizationId } = await tx.tenant.findUniqueOrThrow({ where: { id: tenantId } });
    const { count } = await tx.approvalRequest.createMany({
      data: {
        ...storable(input),
        tenantId,
        organizationId,
        createdAt: new Date(input.createdAt),
        expiresAt: new Date(input.expiresAt),
        receivedAt: new Date(ctx.clock.now()),
      },
      skipDuplicates: true,
    });
    if (count === 0) return requireSame(tx, tenantId, input);
    await enqueueJob(tx, ctx, "approval.notify", { approvalId: input.id });
    await publishEvent(tx, { entity: "approval", id: input.id, tenantId, organizationId });
    const { tool, agent, actClass, argumentsSha256 } = storable(input);
    await recordAudit(tx, ctx, {
      action: "approval.requested",
      entity: "approval",
      entityId: input.id,
      organizationId,
      details: { tool, agent, actClass, argumentsSha256 },
    });
  });
  return { approvalId: input.id };
}

async function requireSame(tx: Tx, tenantId: string, input: ReportApprovalInput): Promise<void> {
  const existing = await tx.approvalRequest.findFirst({ where: { id: input.id, tenantId } });
  if (!existing) fail("not_found", "There is no such approval.");
  if (existing.argumentsSha256 !== input.argumentsSha256) {
    fail("conflict", "This approval was already requested with other arguments.");
  }
}
