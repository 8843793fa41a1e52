import { type TenantId, TokenKind, type UsageSummary } from "@berth/contracts";
import { fail } from "@berth/platform";
import { type CtxWith, requireActor } from "../context.ts";
import { planOf } from "../plan/plans.ts";
import { visibleTo } from "../visible-to.ts";
import { billingPeriodOf } from "./billing-period.ts";

interface Total {
  model: string;
  kind: TokenKind;
  hour: Date;
  tokens: number;
}

/** Usage of the running billing period. Throws `not_found` for another organisation's tenant. */
export async function getUsage({ ctx, input }: { ctx: CtxWith; input: { tenantId: TenantId } }): Promise<UsageSummary> {
  const actor = requireActor(ctx, "customer", "staff");
  const view = visibleTo(ctx, actor);
  const tenant = await view.tenant.findUnique({ where: { id: input.tenantId }, include: { order: true } });
  if (!tenant) fail("not_found", "There is no such tenant.");
  const period = billingPeriodOf(tenant.order, ctx.clock.now());
  const grouped = await view.usageBucket.groupBy({
    by: ["hour", "model", "kind"],
    where: { tenantId: tenant.id, hour: { gte: new Date(period.firstHourMs), lt: new Date(period.endMs) } },
    _sum: { tokens: true },
    orderBy: { hour: "asc" },
  });
  const totals: Total[] = grouped.map((row) => ({ ...row, tokens: Number(row._sum.tokens ?? 0) }));
  const reported = await view.meterReport.aggregate({
    where: { tenantId: tenant.id, periodStart: new Date(period.startMs), sentAt: { not: null } },
    _sum: { tokens: true },
  });
  return {
    periodStart: new Date(period.startMs).toISOString(),
    periodEnd: new Date(period.endMs).toISOString(),
    includedTokens: planOf(tenant.planId).includedTokens,
    reportedTokens: Number(reported._sum.tokens ?? 0),
    ...sumUp(totals),
  };
}

function sumUp(totals: Total[]): Pick<UsageSummary, "totalTokens" | "byKind" | "byModel" | "byHour"> {
  const byKind: UsageSummary["byKind"] = { input: 0, output: 0, cache_read: 0, cache_write: 0 };
  const byModel = new Map<string, number>();
  const byHour = new Map<string, number>();
  for (const { kind, model, hour, tokens } of totals) {
    byKind[kind] += tokens;
    byModel.set(model, (byModel.get(model) ?? 0) + tokens);
    byHour.set(hour.toISOString(), (byHour.get(hour.toISOString()) ?? 0) + tokens);
  }
  return {
    totalTokens: TokenKind.options.reduce((sum, kind) => sum + byKind[kind], 0),
    byKind,
    byModel: [...byModel].map(([model, tokens]) => ({ model, tokens })).sort((a, b) => b.tokens - a.tokens),
    byHour: [...byHour].map(([hour, tokens]) => ({ hour, tokens })),
  };
}
