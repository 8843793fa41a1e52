import { TenantId } from "@berth/contracts";
import { fail, sha256Hex } from "@berth/platform";
import type { CtxWith } from "../context.ts";

export interface PortalLink {
  userId: string;
  /** Who types, as the agent's log says it. */
  email: string;
  organizationId: string;
  tenantId: TenantId;
}

/** Uses a ticket up. Throws `unauthenticated`, in one wording, for one that is unknown, used, expired or no longer a member's. */
export async function redeemTicket({ ctx, input }: { ctx: CtxWith; input: { ticket: string } }): Promise<PortalLink> {
  const now = new Date(ctx.clock.now());
  const ticketHash = sha256Hex(input.ticket);
  const { count } = await ctx.db.realtimeTicket.updateMany({
    where: { ticketHash, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  const row = count === 1 ? await ctx.db.realtimeTicket.findUnique({ where: { ticketHash } }) : null;
  const member = row && (await ctx.db.member.findFirst({ where: memberOf(row), include: { user: true } }));
  if (!row || !member) fail("unauthenticated", "The ticket was not accepted. Open the page again.");
  const { userId, organizationId, tenantId } = row;
  return { userId, email: member.user.email, organizationId, tenantId: TenantId.parse(tenantId) };
}

const memberOf = ({ userId, organizationId }: { userId: string; organizationId: string }) => ({
  userId,
  organizationId,
});
