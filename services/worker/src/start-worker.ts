import type { Ctx } from "@berth/core";
import { consume, openQueues, type QueueAddress } from "@berth/queue";
import { moveOutbox } from "./move-outbox.ts";
import { processorsOf } from "./processors.ts";

export interface WorkerOptions {
  ctx: Omit<Ctx, "actor">;
  address: QueueAddress;
  sweepEveryMs: number;
  /** How long a killed worker's job stays its own; the queue's default if absent. */
  lockMs?: number;
}

export interface Worker {
  /** Takes no further job, lets the running ones finish, closes every connection of the queue. */
  stop(): Promise<void>;
}

const healthEveryMs = 60_000;

/** Works off the Hub's jobs until stopped. Any number of workers may run; a killed one's jobs are taken over. */
export async function startWorker({ ctx, address, sweepEveryMs, lockMs }: WorkerOptions): Promise<Worker> {
  const { log } = ctx;
  const queues = openQueues({ ...address, log });
  await queues.schedule({ job: "sweep", everyMs: sweepEveryMs });
  const outbox = moveOutbox({ ctx, databaseUrl: address.databaseUrl, enqueue: queues.enqueue });
  const consumer = consume({ ...address, log, lockMs, processors: processorsOf(ctx) });
  const health = setInterval(() => {
    const { rss } = process.memoryUsage();
    log.info({ uptimeS: Math.round(process.uptime()), memoryMb: Math.round(rss / 1e6) }, "worker is alive");
  }, healthEveryMs);
  return {
    async stop() {
      clearInterval(health);
      await outbox.stop();
      await consumer.close();
      await queues.close();
    },
  };
}
