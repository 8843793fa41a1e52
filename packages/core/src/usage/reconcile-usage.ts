import type { TenantId } from "@berth/contracts";
import { fail } from "@berth/platform";
import { type CtxWith, requireActor } from "../context.ts";
import { tokensReported, tokensUsed } from "./unreported-tokens.ts";

/** Tokens of a tenant's whole life in the three ledgers; all differences are 0 once everything has arrived. */
export interface Reconciliation {
  hubTokens: number;
  /** What the Hub believes to have reported. */
  reportedTokens: number;
  /** What the meter holds for the customer; null before there is one. */
  meterTokens: number | null;
  hubMinusReported: number;
  reportedMinusMeter: number | null;
}

/** Compares the Hub's totals, its reports and the meter itself. For staff and the sweep; it changes nothing. */
export async function reconcileUsage({
  ctx,
  input: { tenantId },
}: {
  ctx: CtxWith<"billing">;
  input: { tenantId: TenantId };
}): Promise<Reconciliation> {
  requireActor(ctx, "staff", "system");
  const tenant = await ctx.db.tenant.findUnique({ where: { id: tenantId }, include: { organization: true } });
  if (!tenant) fail("not_found", "There is no such tenant.");
  const hubTokens = Number(await tokensUsed(ctx.db, { tenantId }));
  const reportedTokens = Number(await tokensReported(ctx.db, { tenantId, sentAt: { not: null } }));
  const { stripeCustomerId: customerId } = tenant.organization;
  const meterTokens = customerId
    ? await ctx.deps.billing.readMeterTotal({ customerId, fromMs: tenant.createdAt.getTime(), toMs: ctx.clock.now() })
    : null;
  return {
    hubTokens,
    reportedTokens,
    meterTokens,
    hubMinusReported: hubTokens - reportedTokens,
    reportedMinusMeter: meterTokens === null ? null : reportedTokens - meterTokens,
  };
}
