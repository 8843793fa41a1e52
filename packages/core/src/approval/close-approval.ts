import { type ApprovalDecision, ApprovalId, type ApprovalState, TenantId } from "@berth/contracts";
import { type ApprovalRequest, Prisma, type Tx } from "@berth/db";
import { isoOf, randomToken } from "@berth/platform";
import { recordAudit } from "../audit/record-audit.ts";
import { enqueueCommand } from "../command/enqueue-command.ts";
import type { CtxWith } from "../context.ts";
import { publishEvent } from "../events/publish.ts";

/** How long a word that grants nothing may still arrive. A grant has to arrive before the request itself expires. */
const refusalLifetimeMs = 30 * 24 * 3_600_000;

export interface Closing {
  state: Exclude<ApprovalState, "pending">;
  decidedBy: string;
  note: string | null;
  at: number;
}

/** Ends a pending approval, whose row the caller holds: the arguments go, their hash stays; audit and event with it. */
export async function closeApproval(
  tx: Tx,
  ctx: CtxWith,
  row: ApprovalRequest,
  { state, decidedBy, note, at }: Closing,
): Promise<ApprovalRequest> {
  const { id, tenantId, organizationId } = row;
  const closed = await tx.approvalRequest.update({
    where: { id },
    data: { state, decidedAt: new Date(at), decidedBy, note, argumentsRedacted: Prisma.DbNull },
  });
  await publishEvent(tx, { entity: "approval", id, tenantId: TenantId.parse(tenantId), organizationId });
  await recordAudit(tx, ctx, {
    action: `approval.${state}`,
    entity: "approval",
    entityId: id,
    organizationId,
    details: { argumentsSha256: row.argumentsSha256, actClass: row.actClass, tool: row.tool },
  });
  return closed;
}

/** Sends the Hub's signed word on the request down to the VPS, which alone holds the arguments. Call it before closing. */
export async function sendDecision(
  tx: Tx,
  ctx: CtxWith<"hubKeys">,
  row: ApprovalRequest,
  closing: Closing & { state: "approved" | "denied" | "expired" },
): Promise<void> {
  const expiresAtMs = closing.state === "approved" ? row.expiresAt.getTime() : closing.at + refusalLifetimeMs;
  const tenantId = TenantId.parse(row.tenantId);
  const payload: ApprovalDecision = {
    tenantId,
    approvalId: ApprovalId.parse(row.id),
    argumentsSha256: row.argumentsSha256,
    outcome: closing.state,
    nonce: randomToken(),
    decidedAt: isoOf(closing.at),
    expiresAt: isoOf(expiresAtMs),
    decidedBy: closing.decidedBy,
    note: closing.note,
  };
  await enqueueCommand(tx, ctx, { tenantId, kind: "approval.decision", payload });
}
