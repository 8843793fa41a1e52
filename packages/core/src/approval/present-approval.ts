import { Approval } from "@berth/contracts";
import type { ApprovalRequest as ApprovalRow } from "@berth/db";

/** A row as people see it. */
export function presentApproval(row: ApprovalRow): Approval {
  return Approval.parse({
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    executedAt: row.executedAt?.toISOString() ?? null,
  });
}
