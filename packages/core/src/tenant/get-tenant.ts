import type { Tenant, TenantId } from "@berth/contracts";
import { fail } from "@berth/platform";
import { type CtxWith, requireActor } from "../context.ts";
import { visibleTo } from "../visible-to.ts";
import { presentTenant } from "./present-tenant.ts";

/** Throws `not_found` for a tenant that does not exist, and in the same words for another organisation's. */
export async function getTenant({ ctx, input }: { ctx: CtxWith; input: { tenantId: TenantId } }): Promise<Tenant> {
  const actor = requireActor(ctx, "customer", "staff");
  const row = await visibleTo(ctx, actor).tenant.findUnique({
    where: { id: input.tenantId },
    include: { order: { select: { state: true } } },
  });
  return row ? presentTenant(row) : fail("not_found", "There is no such tenant.");
}
