import { TenantId } from "@berth/contracts";
import type { CtxWith } from "../context.ts";
import { reportUsage } from "../usage/report-usage.ts";
import { workEach } from "./work-each.ts";

const patienceMs = 10 * 60_000;
const atOnce = 20;

/**
 * Tokens that were to be reported and did not arrive. Soon matters: a report whose answer was lost counts once because the
 * meter knows its identifier, which it promises for a day.
 */
export async function sendUnsentUsage(ctx: CtxWith<"billing">): Promise<void> {
  const unsent = await ctx.db.meterReport.groupBy({
    by: ["tenantId"],
    where: { sentAt: null, createdAt: { lt: new Date(ctx.clock.now() - patienceMs) } },
    _min: { createdAt: true },
    orderBy: { _min: { createdAt: "asc" } },
    take: atOnce,
  });
  const ids = unsent.map((report) => report.tenantId);
  await workEach(ctx, ids, (id) => reportUsage({ ctx, input: { tenantId: TenantId.parse(id) } }));
}
