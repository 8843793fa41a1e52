import { type DismissSecretCommand, type FoundSecret, FoundSecretId, TenantId } from "@berth/contracts";
import { inTransaction } from "@berth/db";
import { isoOf } from "@berth/platform";
import { enqueueCommand } from "../command/enqueue-command.ts";
import { type CtxWith, requireActor } from "../context.ts";
import { lockFoundSecret } from "./lock-found-secret.ts";
import { moveFoundSecret } from "./move-found-secret.ts";
import { presentFoundSecret } from "./present-found-secret.ts";
import { requireWaiting } from "./require-waiting.ts";

/**
 * The customer does not want it in the vault: a signed command tells the server to forget the value. Throws `not_found` for
 * another organisation's, `conflict` once it is decided or its time has run out.
 */
export async function dismissFoundSecret({
  ctx,
  input,
}: {
  ctx: CtxWith<"hubKeys">;
  input: { foundId: FoundSecretId };
}): Promise<FoundSecret> {
  const { organizationId, email } = requireActor(ctx, "customer");
  const row = await inTransaction(ctx.db, async (tx) => {
    const found = await lockFoundSecret(tx, { id: input.foundId, organizationId });
    const at = ctx.clock.now();
    requireWaiting(found, at);
    const tenantId = TenantId.parse(found.tenantId);
    const foundId = FoundSecretId.parse(found.id);
    const payload: DismissSecretCommand = { tenantId, foundId, decidedAt: isoOf(at), decidedBy: email };
    await enqueueCommand(tx, ctx, { tenantId, kind: "secret.dismiss", payload });
    const data = { decidedBy: email, decidedAt: new Date(at), problem: null };
    return moveFoundSecret(tx, ctx, found, { to: "dismissing", action: "dismiss_asked", data });
  });
  return presentFoundSecret(row);
}
