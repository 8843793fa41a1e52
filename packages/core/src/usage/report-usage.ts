import type { TenantId } from "@berth/contracts";
import { inTransaction, type MeterReport, type Tx } from "@berth/db";
import { fail } from "@berth/platform";
import { type CtxWith, requireActor } from "../context.ts";
import { publishEvent } from "../events/publish.ts";
import { billingPeriodOf } from "./billing-period.ts";
import { unreportedTokens } from "./unreported-tokens.ts";

/**
 * Brings the Stripe meter up to the Hub's totals. What shall be sent is written first, under an identifier that follows from
 * tenant, period and total; a crash between writing and sending is made good by the next call, and the meter counts an
 * identifier once. So each token arrives once. Tokens of a closed period that came late are dated to its end.
 * Throws the first fault after everything was tried.
 */
export async function reportUsage({
  ctx,
  input: { tenantId },
}: {
  ctx: CtxWith<"billing">;
  input: { tenantId: TenantId };
}): Promise<{ reportedTokens: number }> {
  requireActor(ctx, "system");
  const tenant = await ctx.db.tenant.findUnique({ where: { id: tenantId }, include: { organization: true } });
  if (!tenant) fail("not_found", "There is no such tenant.");
  const { organizationId } = tenant;
  const { stripeCustomerId: customerId } = tenant.organization;
  await inTransaction(ctx.db, (tx) => writeIntents(tx, ctx, tenantId));
  const unsent = await ctx.db.meterReport.findMany({
    where: { tenantId, sentAt: null },
    orderBy: { createdAt: "asc" },
  });
  if (unsent.length > 0 && !customerId)
    fail("conflict", "The organisation has no customer at the payment provider yet.");
  let firstFault: unknown;
  for (const intent of unsent) {
    // One that the meter will never take, for it is too old by now, must not hold up those behind it.
    await send(ctx, { intent, customerId: customerId ?? "", tenantId, organizationId }).catch((fault: unknown) => {
      firstFault ??= fault;
    });
  }
  if (firstFault) throw firstFault;
  return { reportedTokens: unsent.reduce((sum, intent) => sum + Number(intent.tokens), 0) };
}

/** At most one intent for the running period and one for what came late; the tenant's row keeps two jobs apart. */
async function writeIntents(tx: Tx, ctx: CtxWith, tenantId: TenantId): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "Tenant" WHERE "id" = ${tenantId} FOR UPDATE`;
  const { order } = await tx.tenant.findUniqueOrThrow({ where: { id: tenantId }, include: { order: true } });
  const now = ctx.clock.now();
  const period = billingPeriodOf(order, now);
  const { current, late } = await unreportedTokens(tx, tenantId, period);
  if (late > 0n) {
    const before = await tx.meterReport.findFirst({
      where: { tenantId, periodStart: { lt: new Date(period.startMs) } },
      orderBy: { periodStart: "desc" },
    });
    const label = before?.periodStart.getTime() ?? period.firstHourMs - 1;
    await writeIntent(tx, { tenantId, periodStartMs: label, tokens: late, atMs: period.firstHourMs - 1 });
  }
  if (current > 0n) await writeIntent(tx, { tenantId, periodStartMs: period.startMs, tokens: current, atMs: now });
}

interface Intent {
  tenantId: TenantId;
  periodStartMs: number;
  tokens: bigint;
  atMs: number;
}

/** `createdAt` is the moment the tokens count for at the meter: fixed here, so that a repeat says exactly the same. */
async function writeIntent(tx: Tx, { tenantId, periodStartMs, tokens, atMs }: Intent): Promise<void> {
  const periodStart = new Date(periodStartMs);
  const earlier = await tx.meterReport.aggregate({ where: { tenantId, periodStart }, _sum: { tokens: true } });
  const totalTokens = (earlier._sum.tokens ?? 0n) + tokens;
  const id = `${tenantId}-${periodStartMs}-${totalTokens}`;
  await tx.meterReport.create({ data: { id, tenantId, periodStart, tokens, totalTokens, createdAt: new Date(atMs) } });
}

async function send(
  ctx: CtxWith<"billing">,
  input: { intent: MeterReport; customerId: string; tenantId: TenantId; organizationId: string },
): Promise<void> {
  const { intent, customerId, tenantId, organizationId } = input;
  await ctx.deps.billing.reportMeterEvent({
    customerId,
    identifier: intent.id,
    tokens: Number(intent.tokens),
    atMs: intent.createdAt.getTime(),
  });
  await inTransaction(ctx.db, async (tx) => {
    await tx.meterReport.update({ where: { id: intent.id }, data: { sentAt: new Date(ctx.clock.now()) } });
    await publishEvent(tx, { entity: "usage", id: tenantId, tenantId, organizationId });
  });
}
