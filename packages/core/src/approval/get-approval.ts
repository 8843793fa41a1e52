import type { Approval, ApprovalId } from "@berth/contracts";
import { fail } from "@berth/platform";
import { type CtxWith, requireActor } from "../context.ts";
import { visibleTo } from "../visible-to.ts";
import { presentApproval } from "./present-approval.ts";

/** Throws `not_found` for an approval that does not exist, and in the same words for another organisation's. */
export async function getApproval({
  ctx,
  input,
}: {
  ctx: CtxWith;
  input: { approvalId: ApprovalId };
}): Promise<Approval> {
  const actor = requireActor(ctx, "customer");
  const row = await visibleTo(ctx, actor).approvalRequest.findUnique({ where: { id: input.approvalId } });
  return row ? presentApproval(row) : fail("not_found", "There is no such approval.");
}
