import type { ListCommandsResult } from "@berth/contracts";
import { type CtxWith, requireActor } from "../context.ts";
import { listCommands } from "./list-commands.ts";

/** The caller's commands that it has not acknowledged yet, in order: what a new link starts with. */
export async function waitingCommands({ ctx }: { ctx: CtxWith }): Promise<ListCommandsResult> {
  const { tenantId } = requireActor(ctx, "tenantAgent");
  const tenant = await ctx.db.tenant.findUnique({ where: { id: tenantId }, select: { acknowledgedSeq: true } });
  return listCommands({ ctx, input: { after: tenant?.acknowledgedSeq ?? 0 } });
}
