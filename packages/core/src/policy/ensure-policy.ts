import type { TenantId } from "@berth/contracts";
import { inTransaction } from "@berth/db";
import { type CtxWith, requireActor } from "../context.ts";
import { currentPolicy, lockTenant, type PublishedPolicy, publishNext } from "./next-version.ts";

/** The policy in force; the first one is made from the plan. Calling it again gives the same: made for a job that is retried. */
export async function ensurePolicy({
  ctx,
  input,
}: {
  ctx: CtxWith<"hubKeys">;
  input: { tenantId: TenantId };
}): Promise<PublishedPolicy> {
  requireActor(ctx, "staff", "system");
  return inTransaction(ctx.db, async (tx) => {
    await lockTenant(tx, input.tenantId);
    const current = await currentPolicy(tx, input.tenantId);
    return current ?? publishNext(tx, ctx, input.tenantId, {});
  });
}
