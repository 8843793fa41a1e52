import type { TenantId } from "@berth/contracts";
import { inTransaction } from "@berth/db";
import { type CtxWith, requireActor } from "../context.ts";
import { type PolicyChange, type PublishedPolicy, publishNext } from "./next-version.ts";

/**
 * Writes the tenant's next policy version, one above the last, and sends it down as a command.
 * A tenant without one gets its plan's rules. Throws `not_found` for an unknown tenant.
 */
export async function publishPolicy({
  ctx,
  input,
}: {
  ctx: CtxWith<"hubKeys">;
  input: { tenantId: TenantId; change?: PolicyChange };
}): Promise<PublishedPolicy> {
  requireActor(ctx, "staff", "system");
  return inTransaction(ctx.db, (tx) => publishNext(tx, ctx, input.tenantId, input.change ?? {}));
}
