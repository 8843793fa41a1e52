import type { RealtimeTicket, TenantId } from "@berth/contracts";
import { isoOf, randomToken, sha256Hex } from "@berth/platform";
import { type CtxWith, requireActor } from "../context.ts";
import { getTenant } from "../tenant/get-tenant.ts";

const lifetimeMs = 60_000;

/** A ticket that opens one browser's link to one of the customer's tenants, once. `url` is complete, the ticket in it. */
export async function createTicket({
  ctx,
  input,
}: {
  ctx: CtxWith<"config">;
  input: { tenantId: TenantId };
}): Promise<RealtimeTicket> {
  const { userId, organizationId } = requireActor(ctx, "customer");
  const { id: tenantId } = await getTenant({ ctx, input });
  const ticket = randomToken();
  const now = ctx.clock.now();
  const expiresAt = new Date(now + lifetimeMs);
  await ctx.db.realtimeTicket.create({
    data: {
      id: ctx.ids.next("tkt"),
      ticketHash: sha256Hex(ticket),
      userId,
      organizationId,
      tenantId,
      createdAt: new Date(now),
      expiresAt,
    },
  });
  const url = `${ctx.deps.config.realtimeUrl}/portal?ticket=${ticket}`;
  return { ticket, url, expiresAt: isoOf(expiresAt.getTime()) };
}
