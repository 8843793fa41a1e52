import { JobNames } from "@berth/contracts";
import type { Db } from "@berth/db";
import { inTransaction } from "@berth/db";
import type { Clock } from "@berth/platform";
import type { Enqueue } from "@berth/queue";

const batchSize = 50;

export interface DispatchResult {
  dispatched: number;
  /** Epoch ms at which the next held-back row is due; null when none waits. */
  nextDueAt: number | null;
}

/**
 * Moves due rows of the outbox to the queue. The row's id becomes the job's, so a dispatcher killed between the queue and
 * the commit repeats a job that the queue knows already. Several dispatchers share the rows without waiting for each other.
 */
export async function dispatchOutbox(input: { db: Db; clock: Clock; enqueue: Enqueue }): Promise<DispatchResult> {
  const now = new Date(input.clock.now());
  const dispatched = await inTransaction(input.db, async (tx) => {
    const due = await tx.$queryRaw<{ id: string; job: string; payload: unknown }[]>`
      SELECT "id", "job", "payload" FROM "OutboxMessage"
      WHERE "dispatchedAt" IS NULL AND "availableAt" <= ${now}
      ORDER BY "availableAt", "id" LIMIT ${batchSize} FOR UPDATE SKIP LOCKED`;
    for (const row of due) await input.enqueue({ id: row.id, job: JobNames.parse(row.job), payload: row.payload });
    const ids = due.map((row) => row.id);
    if (ids.length > 0) await tx.outboxMessage.updateMany({ where: { id: { in: ids } }, data: { dispatchedAt: now } });
    return due.length;
  });
  const next = await input.db.outboxMessage.findFirst({
    where: { dispatchedAt: null },
    orderBy: { availableAt: "asc" },
    select: { availableAt: true },
  });
  return { dispatched, nextDueAt: next?.availableAt.getTime() ?? null };
}
