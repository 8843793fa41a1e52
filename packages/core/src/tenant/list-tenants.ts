import type { Page, PageInput, Tenant } from "@berth/contracts";
import { type CtxWith, requireActor } from "../context.ts";
import { pageFrom, pageQuery } from "../listing/page.ts";
import { presentTenant } from "./present-tenant.ts";

/** A customer's own tenants, or all of them for staff; newest first. */
export async function listTenants({ ctx, input }: { ctx: CtxWith; input: PageInput }): Promise<Page<Tenant>> {
  const actor = requireActor(ctx, "customer", "staff");
  const { where, ...page } = pageQuery(input);
  const own = actor.kind === "customer" ? { organizationId: actor.organizationId } : {};
  const rows = await ctx.db.tenant.findMany({
    where: { ...where, ...own },
    ...page,
    include: { order: { select: { state: true } } },
  });
  return pageFrom(rows, input, presentTenant);
}
