import type { Approval, ApprovalState, Page, PageInput, TenantId } from "@berth/contracts";
import { type CtxWith, requireActor } from "../context.ts";
import { pageFrom, pageQuery } from "../listing/page.ts";
import { getTenant } from "../tenant/get-tenant.ts";
import { visibleTo } from "../visible-to.ts";
import { presentApproval } from "./present-approval.ts";

/** Approvals of one of the customer's tenants, newest first. Throws `not_found` for anybody else's tenant. */
export async function listApprovals({
  ctx,
  input,
}: {
  ctx: CtxWith;
  input: PageInput & { tenantId: TenantId; state?: ApprovalState | undefined };
}): Promise<Page<Approval>> {
  const actor = requireActor(ctx, "customer");
  const tenant = await getTenant({ ctx, input });
  const { where, ...page } = pageQuery(input);
  const rows = await visibleTo(ctx, actor).approvalRequest.findMany({
    where: { ...where, tenantId: tenant.id, ...(input.state ? { state: input.state } : {}) },
    ...page,
  });
  return pageFrom(rows, input, presentApproval);
}
