import type { Db } from "@berth/db";
import { auditHash } from "./record-audit.ts";

const pageSize = 1000;

/** Recomputes a chain from its first row. Answers the position of the first row that does not fit, or null if all do. */
export async function verifyAuditChain({ db, chain }: { db: Db; chain: string }): Promise<number | null> {
  let position = 0;
  let previousHash = "";
  for (;;) {
    const rows = await db.auditEvent.findMany({
      where: { chain, position: { gt: position } },
      orderBy: { position: "asc" },
      take: pageSize,
    });
    for (const row of rows) {
      position += 1;
      if (row.position !== position || row.previousHash !== previousHash || row.hash !== auditHash(row))
        return position;
      // Readers filter by the owner, which the hash covers only by the chain's name.
      if ((row.organizationId ?? "hub") !== chain) return position;
      previousHash = row.hash;
    }
    if (rows.length < pageSize) return null;
  }
}
