import { inTransaction } from "@berth/db";
import { reveal, type Secret } from "@berth/platform";
import { hashPassword } from "better-auth/crypto";
import { recordAudit } from "../audit/record-audit.ts";
import { type CtxWith, requireActor } from "../context.ts";
import { listPlans } from "../plan/list-plans.ts";

/**
 * What a fresh Hub needs: one staff person with this password, and the plans in Stripe's catalogue. Seeding again changes
 * nothing, not even the password. Answers whether the staff person was made now.
 */
export async function seed({
  ctx,
  input,
}: {
  ctx: CtxWith<"billing">;
  input: { staffEmail: string; staffPassword: Secret };
}): Promise<{ staffMade: boolean }> {
  requireActor(ctx, "system");
  await ctx.deps.billing.ensureCatalogue(listPlans());
  const email = input.staffEmail.toLowerCase();
  if (await ctx.db.user.findUnique({ where: { email } })) return { staffMade: false };
  const password = await hashPassword(reveal(input.staffPassword));
  const createdAt = new Date(ctx.clock.now());
  const userId = ctx.ids.next("usr");
  await inTransaction(ctx.db, async (tx) => {
    await tx.user.create({
      data: { id: userId, name: "Operator", email, emailVerified: true, isStaff: true, createdAt },
    });
    await tx.account.create({
      data: { id: ctx.ids.next("acc"), accountId: userId, providerId: "credential", userId, password, createdAt },
    });
    await recordAudit(tx, ctx, { action: "user.seeded", entity: "user", entityId: userId, organizationId: null });
  });
  return { staffMade: true };
}
