import { inTransaction } from "@berth/db";
import { randomToken, type Secret, secretOf, sha256Hex } from "@berth/platform";
import type { Ctx } from "../context.ts";

const lifetimeMs = 15 * 60_000;

/**
 * A one-time token with which one server may enrol as one tenant, for 15 minutes. The Hub keeps its hash only. Every
 * earlier unused token of the tenant ends with it.
 */
export async function makeEnrolmentToken(ctx: Ctx, input: { tenantId: string; serverId: string }): Promise<Secret> {
  const token = randomToken();
  const now = ctx.clock.now();
  await inTransaction(ctx.db, async (tx) => {
    await tx.enrolmentToken.updateMany({
      where: { tenantId: input.tenantId, usedAt: null, revokedAt: null },
      data: { revokedAt: new Date(now) },
    });
    await tx.enrolmentToken.create({
      data: {
        id: ctx.ids.next("ent"),
        ...input,
        tokenHash: sha256Hex(token),
        createdAt: new Date(now),
        expiresAt: new Date(now + lifetimeMs),
      },
    });
  });
  return secretOf(token);
}
