import type { AuditEntry, Page, PageInput } from "@berth/contracts";
import type { AuditEvent } from "@berth/db";
import { type CtxWith, requireActor } from "../context.ts";
import { pageFrom, pageQuery } from "../listing/page.ts";

/** The audit log of everybody, newest first; of one thing if `entityId` names it. For staff. */
export async function listAudit({
  ctx,
  input,
}: {
  ctx: CtxWith;
  input: PageInput & { entityId?: string | undefined };
}): Promise<Page<AuditEntry>> {
  requireActor(ctx, "staff");
  const { where, ...page } = pageQuery(input);
  const one = input.entityId ? { entityId: input.entityId } : {};
  const rows = await ctx.db.auditEvent.findMany({ where: { ...where, ...one }, ...page });
  return pageFrom(rows, input, presentEntry);
}

const presentEntry = ({ previousHash: _, at, details, ...row }: AuditEvent): AuditEntry => ({
  ...row,
  at: at.toISOString(),
  // Written by `recordAudit`, which takes an object only.
  details: details as Record<string, unknown>,
});
