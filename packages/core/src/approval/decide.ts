import type { Approval, ApprovalId, DecideApprovalInput } from "@berth/contracts";
import { type ApprovalRequest, inTransaction } from "@berth/db";
import { fail } from "@berth/platform";
import { type CtxWith, requireActor } from "../context.ts";
import { type Closing, closeApproval, sendDecision } from "./close-approval.ts";
import { lockApproval } from "./lock-approval.ts";
import { presentApproval } from "./present-approval.ts";
import { storable } from "./storable.ts";

/**
 * A person's word on a pending approval: the first one counts. Decision, signed command, event and audit are one transaction.
 * Throws `not_found` for another organisation's approval, `conflict` once it is decided, saying by whom and when, and once
 * its time has run out.
 */
export async function decideApproval({
  ctx,
  input,
}: {
  ctx: CtxWith<"hubKeys">;
  input: DecideApprovalInput & { approvalId: ApprovalId };
}): Promise<Approval> {
  const { organizationId, email } = requireActor(ctx, "customer");
  const row = await inTransaction(ctx.db, async (tx) => {
    const approval = await lockApproval(tx, { id: input.approvalId, organizationId });
    const at = ctx.clock.now();
    if (approval.state !== "pending") fail("conflict", alreadyClosed(approval));
    if (approval.expiresAt.getTime() <= at) fail("conflict", "Its time has run out; the agent can ask again.");
    const note = input.note ? storable(input.note) : null;
    const closing = { state: input.decision, decidedBy: email, note, at } satisfies Closing;
    await sendDecision(tx, ctx, approval, closing);
    return closeApproval(tx, ctx, approval, closing);
  });
  return presentApproval(row);
}

function alreadyClosed(row: ApprovalRequest): string {
  const when = row.decidedAt?.toISOString() ?? "";
  if (row.state === "approved" || row.state === "denied") return `Already ${row.state} by ${row.decidedBy} at ${when}.`;
  return `Already ${row.state} at ${when}.`;
}
