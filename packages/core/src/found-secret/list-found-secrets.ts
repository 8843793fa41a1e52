import type { FoundSecret, Page, PageInput, TenantId } from "@berth/contracts";
import { type CtxWith, requireActor } from "../context.ts";
import { pageFrom, pageQuery } from "../listing/page.ts";
import { getTenant } from "../tenant/get-tenant.ts";
import { visibleTo } from "../visible-to.ts";
import { presentFoundSecret } from "./present-found-secret.ts";
import { openStates } from "./transitions.ts";

/** Found secrets of one of the customer's tenants, newest first. Throws `not_found` for anybody else's tenant. */
export async function listFoundSecrets({
  ctx,
  input,
}: {
  ctx: CtxWith;
  /** `open`: the server still holds the value. `settled`: kept, dismissed or expired. */
  input: PageInput & { tenantId: TenantId; show?: "open" | "settled" | undefined };
}): Promise<Page<FoundSecret>> {
  const actor = requireActor(ctx, "customer");
  const tenant = await getTenant({ ctx, input });
  const { where, ...page } = pageQuery(input);
  const state = { open: { in: openStates }, settled: { notIn: openStates } };
  const rows = await visibleTo(ctx, actor).foundSecret.findMany({
    where: { ...where, tenantId: tenant.id, ...(input.show ? { state: state[input.show] } : {}) },
    ...page,
  });
  return pageFrom(rows, input, presentFoundSecret);
}
