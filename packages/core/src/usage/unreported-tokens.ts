import type { Prisma, Tx } from "@berth/db";
import type { BillingPeriod } from "./billing-period.ts";

/** Tokens that no report covers yet: of the running period, and of the time before it. */
export interface Unreported {
  current: bigint;
  late: bigint;
}

/**
 * What is missing is counted over the tenant's whole life, so that a period that turns a little late can neither lose nor
 * repeat a token; only which of the two periods it belongs to is told by the hour.
 */
export async function unreportedTokens(tx: Tx, tenantId: string, period: BillingPeriod): Promise<Unreported> {
  const missing = (await tokensUsed(tx, { tenantId })) - (await tokensReported(tx, { tenantId }));
  if (missing <= 0n) return { current: 0n, late: 0n };
  const usedBefore = await tokensUsed(tx, { tenantId, hour: { lt: new Date(period.firstHourMs) } });
  const reportedBefore = await tokensReported(tx, { tenantId, periodStart: { lt: new Date(period.startMs) } });
  const missingBefore = usedBefore - reportedBefore;
  const late = missingBefore < 0n ? 0n : missingBefore > missing ? missing : missingBefore;
  return { current: missing - late, late };
}

export async function tokensUsed(tx: Tx, where: Prisma.UsageBucketWhereInput): Promise<bigint> {
  const { _sum } = await tx.usageBucket.aggregate({ where, _sum: { tokens: true } });
  return _sum.tokens ?? 0n;
}

export async function tokensReported(tx: Tx, where: Prisma.MeterReportWhereInput): Promise<bigint> {
  const { _sum } = await tx.meterReport.aggregate({ where, _sum: { tokens: true } });
  return _sum.tokens ?? 0n;
}
