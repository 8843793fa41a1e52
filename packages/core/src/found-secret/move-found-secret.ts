import { type FoundSecretState, TenantId } from "@berth/contracts";
import type { FoundSecret, Prisma, Tx } from "@berth/db";
import { fail } from "@berth/platform";
import { recordAudit } from "../audit/record-audit.ts";
import type { CtxWith } from "../context.ts";
import { publishEvent } from "../events/publish.ts";
import { foundSecretTransitions } from "./transitions.ts";

export interface FoundSecretMove {
  to: FoundSecretState;
  /** What the audit calls it, after `found_secret.`. */
  action: string;
  data: Prisma.FoundSecretUncheckedUpdateInput;
}

/** Moves a row, which the caller holds, with audit and event. Throws `conflict` for a move that the table does not have. */
export async function moveFoundSecret(
  tx: Tx,
  ctx: CtxWith,
  row: FoundSecret,
  { to, action, data }: FoundSecretMove,
): Promise<FoundSecret> {
  if (!foundSecretTransitions[row.state].includes(to)) {
    fail("conflict", `A found secret that is ${row.state} cannot become ${to}.`);
  }
  const { id, organizationId, rule } = row;
  const moved = await tx.foundSecret.update({ where: { id }, data: { ...data, state: to } });
  const tenantId = TenantId.parse(row.tenantId);
  await publishEvent(tx, { entity: "secret", id, tenantId, organizationId });
  await recordAudit(tx, ctx, {
    action: `found_secret.${action}`,
    entity: "found_secret",
    entityId: id,
    organizationId,
    details: { rule, name: moved.name },
  });
  return moved;
}
