import type { FoundSecret, Prisma, Tx } from "@berth/db";
import { fail } from "@berth/platform";

/** The row, held until the transaction ends. Throws `not_found` if none of `where` (id and owner) exists. */
export async function lockFoundSecret(
  tx: Tx,
  where: Prisma.FoundSecretWhereInput & { id: string },
): Promise<FoundSecret> {
  await tx.$queryRaw`SELECT 1 FROM "FoundSecret" WHERE "id" = ${where.id} FOR UPDATE`;
  const row = await tx.foundSecret.findFirst({ where });
  return row ?? fail("not_found", "There is no such found secret.");
}
