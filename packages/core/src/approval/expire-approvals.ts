import { inTransaction } from "@berth/db";
import { type CtxWith, requireActor } from "../context.ts";
import { closeApproval, sendDecision } from "./close-approval.ts";
import { lockApproval } from "./lock-approval.ts";

const approvalsPerSweep = 100;

/** Ends pending approvals whose time has run out; a person who decides at the same moment wins or loses by the row's lock. */
export async function expireApprovals({ ctx }: { ctx: CtxWith<"hubKeys"> }): Promise<{ expired: number }> {
  requireActor(ctx, "system");
  const at = ctx.clock.now();
  const due = await ctx.db.approvalRequest.findMany({
    where: { state: "pending", expiresAt: { lte: new Date(at) } },
    orderBy: { expiresAt: "asc" },
    take: approvalsPerSweep,
    select: { id: true },
  });
  let expired = 0;
  for (const { id } of due) {
    expired += await inTransaction(ctx.db, async (tx) => {
      const row = await lockApproval(tx, { id });
      if (row.state !== "pending") return 0;
      const closing = { state: "expired" as const, decidedBy: "time", note: null, at };
      await sendDecision(tx, ctx, row, closing);
      await closeApproval(tx, ctx, row, closing);
      return 1;
    });
  }
  return { expired };
}
