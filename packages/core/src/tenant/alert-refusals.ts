import { EgressReport } from "@berth/contracts";
import type { Tenant, Tx } from "@berth/db";
import { recordAudit } from "../audit/record-audit.ts";
import type { CtxWith } from "../context.ts";

const quietMs = 3_600_000;

/**
 * Writes into the audit log what a server's egress proxy refused since the last time, at most once an hour for one server:
 * a loop over there must not fill the log here. Answers whether there is news. Call it last, as `recordAudit` wants it.
 */
export async function alertRefusals(
  tx: Tx,
  ctx: Pick<CtxWith, "actor" | "clock" | "ids">,
  before: Tenant,
  report: EgressReport | null | undefined,
): Promise<boolean> {
  if (!report) return false;
  const known = before.egress === null ? 0 : EgressReport.parse(before.egress).refusedTotal;
  if (report.refusedTotal <= known) return false;
  const now = ctx.clock.now();
  const last = before.refusalsAlertedAt?.getTime() ?? 0;
  if (now - last < quietMs) return false;
  await tx.tenant.update({ where: { id: before.id }, data: { refusalsAlertedAt: new Date(now) } });
  const fresh = report.recent.filter(({ lastAt }) => Date.parse(lastAt) > last);
  await recordAudit(tx, ctx, {
    action: "tenant.egress_refused",
    entity: "tenant",
    entityId: before.id,
    organizationId: before.organizationId,
    details: { refusedTotal: report.refusedTotal, hosts: fresh },
  });
  return true;
}
