import type { Server } from "@berth/db";
import { fail, reveal, type Secret, seal, secretOf, unseal } from "@berth/platform";
import type { CtxWith } from "../context.ts";
import type { ServerAccess } from "../deps.ts";

type KeyColumn = "sealedHostKey" | "sealedProvisioningKey";
const placeOf = (serverId: string, column: KeyColumn) => `Server/${serverId}/${column}`;

/** Key material for the database: opens only with the Hub's seal key, and only in this row and column. */
export const sealKeyOf = (ctx: CtxWith<"sealKey">, serverId: string, column: KeyColumn, key: Secret): string =>
  seal(reveal(key), ctx.deps.sealKey, placeOf(serverId, column));

/** Throws `conflict` once the tenant is active: the key is gone from here and from the server. */
export function openKeyOf(ctx: CtxWith<"sealKey">, server: Server, column: KeyColumn): Secret {
  const sealed = server[column];
  if (!sealed) fail("conflict", "The key of this server is gone.", { internal: `${server.id} ${column}` });
  return secretOf(unseal(sealed, ctx.deps.sealKey, placeOf(server.id, column)));
}

/** The way into a server under construction. Null when the provider does not know it (any more). */
export async function accessOf(ctx: CtxWith<"sealKey" | "vps">, server: Server): Promise<ServerAccess | null> {
  const found = server.providerServerId
    ? await ctx.deps.vps.getServer(server.providerServerId)
    : await ctx.deps.vps.findServerByName(server.name);
  if (!found) return null;
  return {
    access: found.access,
    hostPublicKey: server.hostPublicKey,
    sshPrivateKey: openKeyOf(ctx, server, "sealedProvisioningKey"),
  };
}
