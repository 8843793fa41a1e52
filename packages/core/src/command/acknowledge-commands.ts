import type { AcknowledgeCommandsInput } from "@berth/contracts";
import { inTransaction } from "@berth/db";
import { type CtxWith, requireActor } from "../context.ts";

/** The VPS has stored every command up to `upToSeq`. A late or repeated word takes nothing back; a number from nowhere is cut. */
export async function acknowledgeCommands({
  ctx,
  input,
}: {
  ctx: CtxWith;
  input: AcknowledgeCommandsInput;
}): Promise<void> {
  const { tenantId } = requireActor(ctx, "tenantAgent");
  await inTransaction(ctx.db, async (tx) => {
    await tx.$executeRaw`
      UPDATE "Tenant" SET "acknowledgedSeq" = greatest("acknowledgedSeq", least(${input.upToSeq}, "lastCommandSeq"))
      WHERE "id" = ${tenantId}`;
    await tx.tenantCommand.updateMany({
      where: { tenantId, seq: { lte: input.upToSeq }, acknowledgedAt: null },
      data: { acknowledgedAt: new Date(ctx.clock.now()) },
    });
  });
}
