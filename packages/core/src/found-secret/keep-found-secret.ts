import {
  type FoundSecret,
  FoundSecretId,
  type KeepFoundSecretInput,
  type KeepSecretCommand,
  TenantId,
  VaultSecretName,
} from "@berth/contracts";
import { type FoundSecret as FoundSecretRow, inTransaction, type Tx } from "@berth/db";
import { fail, isoOf } from "@berth/platform";
import { z } from "zod";
import { enqueueCommand } from "../command/enqueue-command.ts";
import { type CtxWith, requireActor } from "../context.ts";
import { lockFoundSecret } from "./lock-found-secret.ts";
import { moveFoundSecret } from "./move-found-secret.ts";
import { presentFoundSecret } from "./present-found-secret.ts";
import { requireWaiting } from "./require-waiting.ts";

/**
 * The customer wants it in the vault, under this name and bound to nothing: a signed command goes down, and the server says
 * whether it did. Throws `not_found` for another organisation's, `conflict` once it is decided or its time has run out, and
 * if the name is taken.
 */
export async function keepFoundSecret({
  ctx,
  input,
}: {
  ctx: CtxWith<"hubKeys">;
  input: KeepFoundSecretInput & { foundId: FoundSecretId };
}): Promise<FoundSecret> {
  const { organizationId, email } = requireActor(ctx, "customer");
  const { name } = input;
  const row = await inTransaction(ctx.db, async (tx) => {
    const found = await lockFoundSecret(tx, { id: input.foundId, organizationId });
    const at = ctx.clock.now();
    requireWaiting(found, at);
    await requireFreeName(tx, found, name);
    const tenantId = TenantId.parse(found.tenantId);
    const foundId = FoundSecretId.parse(found.id);
    const payload: KeepSecretCommand = { tenantId, foundId, name, decidedAt: isoOf(at), decidedBy: email };
    await enqueueCommand(tx, ctx, { tenantId, kind: "secret.keep", payload });
    const data = { name, decidedBy: email, decidedAt: new Date(at), problem: null };
    return moveFoundSecret(tx, ctx, found, { to: "keeping", action: "keep_asked", data });
  });
  return presentFoundSecret(row);
}

/** An early word to the person; the server checks for itself, for only it knows its vault as of now. */
async function requireFreeName(tx: Tx, { tenantId }: FoundSecretRow, name: string): Promise<void> {
  const tenant = await tx.tenant.findUniqueOrThrow({ where: { id: tenantId }, select: { secretNames: true } });
  const known = z.array(VaultSecretName).parse(tenant.secretNames ?? []);
  const asked = await tx.foundSecret.count({ where: { tenantId, state: "keeping", name } });
  if (asked > 0 || known.some((secret) => secret.name === name)) {
    fail("conflict", `There is a secret named "${name}" already; choose another name.`);
  }
}
