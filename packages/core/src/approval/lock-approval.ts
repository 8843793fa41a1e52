import type { ApprovalRequest, Prisma, Tx } from "@berth/db";
import { fail } from "@berth/platform";

/** The row, held until the transaction ends. Throws `not_found` if none of `where` (id and owner) exists. */
export async function lockApproval(
  tx: Tx,
  where: Prisma.ApprovalRequestWhereInput & { id: string },
): Promise<ApprovalRequest> {
  await tx.$queryRaw`SELECT 1 FROM "ApprovalRequest" WHERE "id" = ${where.id} FOR UPDATE`;
  const row = await tx.approvalRequest.findFirst({ where });
  return row ?? fail("not_found", "There is no such approval.");
}
