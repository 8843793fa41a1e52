import { type CommandKind, commandJwsType, type TenantCommand, type TenantId } from "@berth/contracts";
import type { Tx } from "@berth/db";
import { signJws } from "@berth/platform";
import type { CtxWith } from "../context.ts";
import { notify } from "../events/publish.ts";

export interface EnqueueCommandInput {
  tenantId: TenantId;
  kind: CommandKind;
  /** The statement itself; it is signed here with the Hub's current key. */
  payload: object;
}

/**
 * Puts a signed command into the tenant's inbox, in the caller's transaction. The row of the tenant stays locked until the
 * transaction ends, so that sequence numbers become visible in their order.
 */
export async function enqueueCommand(
  tx: Tx,
  ctx: CtxWith<"hubKeys">,
  { tenantId, kind, payload }: EnqueueCommandInput,
): Promise<TenantCommand> {
  const { kid, privateKey } = ctx.deps.hubKeys.current;
  const jws = await signJws({ payload, typ: commandJwsType[kind], kid, privateKey });
  const { lastCommandSeq: seq } = await tx.tenant.update({
    where: { id: tenantId },
    data: { lastCommandSeq: { increment: 1 } },
    select: { lastCommandSeq: true },
  });
  await tx.tenantCommand.create({ data: { tenantId, seq, kind, jws, createdAt: new Date(ctx.clock.now()) } });
  await notify(tx, { type: "command", tenantId, seq });
  return { seq, kind, jws };
}
