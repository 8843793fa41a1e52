import type { ApprovalId, ReportApprovalOutcomeInput } from "@berth/contracts";
import { type ApprovalRequest, inTransaction, type Tx } from "@berth/db";
import { fail } from "@berth/platform";
import { recordAudit } from "../audit/record-audit.ts";
import { type CtxWith, requireActor } from "../context.ts";
import { publishEvent } from "../events/publish.ts";
import { closeApproval } from "./close-approval.ts";
import { lockApproval } from "./lock-approval.ts";

type Reported<K> = Extract<ReportApprovalOutcomeInput, { kind: K }>;

/**
 * What became of an approval on the VPS. The same report again changes nothing.
 * Throws `not_found` for another tenant's approval, `conflict` if it contradicts what is known.
 */
export async function recordOutcome({
  ctx,
  input,
}: {
  ctx: CtxWith;
  input: { approvalId: ApprovalId; outcome: ReportApprovalOutcomeInput };
}): Promise<void> {
  const { tenantId } = requireActor(ctx, "tenantAgent");
  const { outcome } = input;
  await inTransaction(ctx.db, async (tx) => {
    const row = await lockApproval(tx, { id: input.approvalId, tenantId });
    if (outcome.kind === "executed") await keepExecution(tx, ctx, row, outcome);
    else await keepClosing(tx, ctx, row, outcome);
  });
}

async function keepExecution(tx: Tx, ctx: CtxWith, row: ApprovalRequest, outcome: Reported<"executed">): Promise<void> {
  if (row.execution === outcome.execution) return;
  if (row.state !== "approved") fail("conflict", `A call that is ${row.state} cannot have run.`);
  if (row.execution !== null) fail("conflict", `It was already reported as ${row.execution}.`);
  await markRun(tx, ctx, row, outcome.execution, outcome.executedAt);
}

async function keepClosing(tx: Tx, ctx: CtxWith, row: ApprovalRequest, outcome: Reported<"closed">): Promise<void> {
  if (row.state === outcome.state) return;
  if (row.state === "pending") {
    const at = Date.parse(outcome.closedAt);
    await closeApproval(tx, ctx, row, { state: outcome.state, decidedBy: "server", note: null, at });
    return;
  }
  // The person's word came too late for the VPS: what was approved will not run any more.
  if (row.state === "approved" && row.execution === null) await markRun(tx, ctx, row, "failed", outcome.closedAt);
}

async function markRun(
  tx: Tx,
  ctx: CtxWith,
  row: ApprovalRequest,
  execution: "succeeded" | "failed",
  executedAt: string,
): Promise<void> {
  const { tenantId } = requireActor(ctx, "tenantAgent");
  const { id, organizationId } = row;
  await tx.approvalRequest.update({ where: { id }, data: { execution, executedAt: new Date(executedAt) } });
  await publishEvent(tx, { entity: "approval", id, tenantId, organizationId });
  await recordAudit(tx, ctx, {
    action: "approval.executed",
    entity: "approval",
    entityId: id,
    organizationId,
    details: { execution, argumentsSha256: row.argumentsSha256 },
  });
}
