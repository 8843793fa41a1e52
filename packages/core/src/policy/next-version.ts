import { PlanId, PolicyBundle, type TenantId } from "@berth/contracts";
import type { Tx } from "@berth/db";
import { fail, isoOf } from "@berth/platform";
import type { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { enqueueCommand } from "../command/enqueue-command.ts";
import { actorIdOf, type CtxWith } from "../context.ts";
import { defaultRules } from "./default-bundle.ts";

/** The rules that shall change; what is absent stays as it is. */
export const PolicyChange = PolicyBundle.omit({ tenantId: true, version: true, issuedAt: true }).partial();
export type PolicyChange = z.infer<typeof PolicyChange>;

export interface PublishedPolicy {
  bundle: PolicyBundle;
  jws: string;
}

/** Holds the tenant's row until the transaction ends, so that two writers cannot give out the same version. */
export async function lockTenant(tx: Tx, tenantId: TenantId): Promise<{ planId: PlanId; organizationId: string }> {
  await tx.$queryRaw`SELECT 1 FROM "Tenant" WHERE "id" = ${tenantId} FOR UPDATE`;
  const tenant = await tx.tenant.findUnique({
    where: { id: tenantId },
    select: { planId: true, organizationId: true },
  });
  if (!tenant) fail("not_found", "There is no such tenant.");
  return { planId: PlanId.parse(tenant.planId), organizationId: tenant.organizationId };
}

export async function currentPolicy(tx: Tx, tenantId: TenantId): Promise<PublishedPolicy | null> {
  const row = await tx.policyVersion.findFirst({ where: { tenantId }, orderBy: { version: "desc" } });
  return row ? { bundle: PolicyBundle.parse(row.bundle), jws: row.jws } : null;
}

/** Writes the next version in the caller's transaction; a tenant without one gets its plan's rules. */
export async function publishNext(
  tx: Tx,
  ctx: CtxWith<"hubKeys">,
  tenantId: TenantId,
  change: PolicyChange,
): Promise<PublishedPolicy> {
  const { planId, organizationId } = await lockTenant(tx, tenantId);
  const last = await currentPolicy(tx, tenantId);
  const now = ctx.clock.now();
  const bundle = PolicyBundle.parse({
    ...(last?.bundle ?? defaultRules[planId]),
    ...change,
    tenantId,
    version: (last?.bundle.version ?? 0) + 1,
    issuedAt: isoOf(now),
  });
  const { jws } = await enqueueCommand(tx, ctx, { tenantId, kind: "policy.update", payload: bundle });
  const createdBy = actorIdOf(ctx.actor) ?? ctx.actor.kind;
  const { version } = bundle;
  await tx.policyVersion.create({ data: { tenantId, version, bundle, jws, createdAt: new Date(now), createdBy } });
  await recordAudit(tx, ctx, {
    action: "policy.published",
    entity: "tenant",
    entityId: tenantId,
    organizationId,
    details: { version, changed: Object.keys(change) },
  });
  return { bundle, jws };
}
