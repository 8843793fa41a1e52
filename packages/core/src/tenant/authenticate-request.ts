import { TenantId } from "@berth/contracts";
import { fail, verifyRequest } from "@berth/platform";
import type { ActorOf, CtxWith } from "../context.ts";

export interface AuthenticateRequestInput {
  method: string;
  /** As received; only path and query are signed. */
  url: string;
  /** Lower-case names. */
  headers: Record<string, string | string[] | undefined>;
  /** The bytes as received, before any parsing. */
  body: Uint8Array;
}

/**
 * Who signed this request (RFC 9421). Throws `unauthenticated`, in one wording, for a missing, stale, forged or unknown
 * signature and for a tenant whose order is cancelled.
 */
export async function authenticateRequest({
  ctx,
  input,
}: {
  ctx: CtxWith;
  input: AuthenticateRequestInput;
}): Promise<ActorOf<"tenantAgent">> {
  const tenants = new Map<string, { id: string; cancelled: boolean }>();
  const publicKeyOf = async (keyId: string): Promise<string | null> => {
    const row = await ctx.db.tenant.findUnique({ where: { keyId }, include: { order: { select: { state: true } } } });
    if (!row?.publicKey) return null;
    tenants.set(keyId, { id: row.id, cancelled: row.order.state === "CANCELLED" });
    return row.publicKey;
  };
  const { keyId } = await verifyRequest({ ...input, publicKeyOf, clock: ctx.clock });
  const tenant = tenants.get(keyId);
  if (!tenant || tenant.cancelled) {
    fail("unauthenticated", "The request's signature was not accepted.", { internal: "the tenant is cancelled" });
  }
  return { kind: "tenantAgent", tenantId: TenantId.parse(tenant.id) };
}
