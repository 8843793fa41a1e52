import { type JobName, type JobPayload, jobs } from "@berth/contracts";
import type { Tx } from "@berth/db";
import type { Ctx } from "../context.ts";

/** PostgreSQL channel that wakes the dispatcher; a commit delivers it, a rollback does not. */
export const outboxChannel = "berth_outbox";

/**
 * Makes a job part of the caller's transaction: it runs at least once if that commits, and never if it does not.
 * `delayMs` holds it back; a processor must bear to run twice.
 */
export async function enqueueJob<N extends JobName>(
  tx: Tx,
  ctx: Pick<Ctx, "clock" | "ids">,
  job: N,
  payload: JobPayload<N>,
  { delayMs = 0 }: { delayMs?: number } = {},
): Promise<void> {
  const now = ctx.clock.now();
  await tx.outboxMessage.create({
    data: {
      id: ctx.ids.next("out"),
      job,
      payload: jobs[job].parse(payload),
      createdAt: new Date(now),
      availableAt: new Date(now + delayMs),
    },
  });
  await tx.$executeRaw`SELECT pg_notify(${outboxChannel}, '')`;
}
