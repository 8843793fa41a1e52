import type { JobPayload } from "@berth/contracts";
import { approvalWaitingMail } from "@berth/notify";
import { fail } from "@berth/platform";
import { type CtxWith, requireActor } from "../context.ts";
import { pageLinks } from "../page-links.ts";

/**
 * Tells the people of the organisation that an approval waits. Sent at least once; the key keeps a repeat out of most
 * mailboxes. An approval that was decided before the mail went out is not told.
 */
export async function notifyApproval({
  ctx,
  input,
}: {
  ctx: CtxWith<"mailer" | "config">;
  input: JobPayload<"approval.notify">;
}): Promise<void> {
  requireActor(ctx, "system");
  const approval = await ctx.db.approvalRequest.findUnique({
    where: { id: input.approvalId },
    include: { organization: { select: { members: { select: { user: { select: { id: true, email: true } } } } } } },
  });
  if (!approval) fail("not_found", "There is no such approval.");
  if (approval.state !== "pending") return;
  const content = approvalWaitingMail({
    agent: approval.agent,
    tool: approval.tool,
    actClass: approval.actClass,
    reason: approval.reason,
    blastRadius: approval.blastRadius,
    expiresAt: approval.expiresAt.toISOString(),
    url: pageLinks.approval(ctx.deps.config, approval.tenantId, approval.id),
  });
  for (const { user } of approval.organization.members) {
    await ctx.deps.mailer.send({ ...content, to: user.email, idempotencyKey: `${approval.id}-${user.id}` });
  }
}
