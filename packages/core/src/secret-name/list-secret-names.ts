import { type SecretNames, type TenantId, VaultSecretName } from "@berth/contracts";
import { fail } from "@berth/platform";
import { z } from "zod";
import { type CtxWith, requireActor } from "../context.ts";
import { visibleTo } from "../visible-to.ts";

/** The names in the vault of one of the customer's tenants, as its server said last. Throws `not_found` for anybody else's. */
export async function listSecretNames({
  ctx,
  input,
}: {
  ctx: CtxWith;
  input: { tenantId: TenantId };
}): Promise<SecretNames> {
  const actor = requireActor(ctx, "customer");
  const row = await visibleTo(ctx, actor).tenant.findUnique({ where: { id: input.tenantId } });
  if (!row) fail("not_found", "There is no such tenant.");
  return {
    secrets: row.secretNames === null ? null : z.array(VaultSecretName).parse(row.secretNames),
    at: row.secretNamesAt?.toISOString() ?? null,
  };
}
