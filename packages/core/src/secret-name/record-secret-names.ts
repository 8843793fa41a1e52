import type { ReportSecretNamesInput } from "@berth/contracts";
import { inTransaction } from "@berth/db";
import { type CtxWith, requireActor } from "../context.ts";
import { publishEvent } from "../events/publish.ts";

/** Keeps the names that a server's vault holds, unless a newer list is known already. Names only; no value has a place. */
export async function recordSecretNames({
  ctx,
  input,
}: {
  ctx: CtxWith;
  input: ReportSecretNamesInput;
}): Promise<void> {
  const { tenantId } = requireActor(ctx, "tenantAgent");
  const secretNamesAt = new Date(input.at);
  await inTransaction(ctx.db, async (tx) => {
    const { count } = await tx.tenant.updateMany({
      where: { id: tenantId, OR: [{ secretNamesAt: null }, { secretNamesAt: { lte: secretNamesAt } }] },
      data: { secretNames: input.secrets, secretNamesAt },
    });
    if (count === 0) return;
    const { organizationId } = await tx.tenant.findUniqueOrThrow({ where: { id: tenantId } });
    await publishEvent(tx, { entity: "secret", id: tenantId, tenantId, organizationId });
  });
}
