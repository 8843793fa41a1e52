import type { Page, PageInput, Tenant } from "@berth/contracts";
import { type CtxWith, requireActor } from "../context.ts";
import { pageFrom, pageQuery } from "../listing/page.ts";
import { visibleTo } from "../visible-to.ts";
import { presentTenant } from "./present-tenant.ts";

/** A customer's own tenants, or all of them for staff; newest first. */
export async function listTenants({ ctx, input }: { ctx: CtxWith; input: PageInput }): Promise<Page<Tenant>> {
  const actor = requireActor(ctx, "customer", "staff");
  const rows = await visibleTo(ctx, actor).tenant.findMany({
    ...pageQuery(input),
    include: { order: { select: { state: true } } },
  });
  return pageFrom(rows, input, presentTenant);
}
