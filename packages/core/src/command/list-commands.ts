import { CommandKind, type ListCommandsResult } from "@berth/contracts";
import { type CtxWith, requireActor } from "../context.ts";

/** Commands in one answer; the VPS asks again after the last of them. */
const commandsPerPage = 100;

/** The caller's commands after `after`, in order. The VPS forgets none: it acknowledges what it has stored. */
export async function listCommands({
  ctx,
  input,
}: {
  ctx: CtxWith;
  input: { after: number };
}): Promise<ListCommandsResult> {
  const { tenantId } = requireActor(ctx, "tenantAgent");
  const rows = await ctx.db.tenantCommand.findMany({
    where: { tenantId, seq: { gt: input.after } },
    orderBy: { seq: "asc" },
    take: commandsPerPage,
  });
  return { commands: rows.map(({ seq, kind, jws }) => ({ seq, kind: CommandKind.parse(kind), jws })) };
}
