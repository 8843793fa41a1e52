import type { FoundSecretId, ReportFoundSecretInput } from "@berth/contracts";
import { inTransaction } from "@berth/db";
import { fail } from "@berth/platform";
import { storable } from "../approval/storable.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type CtxWith, requireActor } from "../context.ts";
import { publishEvent } from "../events/publish.ts";

/**
 * Keeps that a server found a value which its vault does not know. The same report again changes nothing.
 * Throws `not_found` for an id that another tenant uses.
 */
export async function recordFoundSecret({
  ctx,
  input,
}: {
  ctx: CtxWith;
  input: ReportFoundSecretInput;
}): Promise<{ foundId: FoundSecretId }> {
  const { tenantId } = requireActor(ctx, "tenantAgent");
  const { seenIn, ...report } = storable(input);
  await inTransaction(ctx.db, async (tx) => {
    const { organizationId } = await tx.tenant.findUniqueOrThrow({ where: { id: tenantId } });
    const { count } = await tx.foundSecret.createMany({
      data: {
        ...report,
        tenantId,
        organizationId,
        tool: seenIn.kind === "tool" ? seenIn.tool : null,
        foundAt: new Date(input.foundAt),
        expiresAt: new Date(input.expiresAt),
        receivedAt: new Date(ctx.clock.now()),
      },
      skipDuplicates: true,
    });
    if (count === 0) {
      const ours = await tx.foundSecret.count({ where: { id: input.id, tenantId } });
      return ours === 1 ? undefined : fail("not_found", "There is no such found secret.");
    }
    await publishEvent(tx, { entity: "secret", id: input.id, tenantId, organizationId });
    await recordAudit(tx, ctx, {
      action: "found_secret.reported",
      entity: "found_secret",
      entityId: input.id,
      organizationId,
      details: { rule: report.rule, seenIn: seenIn.kind, agent: report.agent },
    });
  });
  return { foundId: input.id };
}
