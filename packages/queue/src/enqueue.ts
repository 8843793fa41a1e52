import { type JobName, jobs } from "@berth/contracts";
import type { Logger } from "@berth/platform";
import { connect, type QueueAddress } from "./connection.ts";
import { parsePayload } from "./parse-payload.ts";

/** Puts one job into the queue. The same `id` again changes nothing while the queue remembers the job. */
export type Enqueue = (job: { id: string; job: JobName; payload: unknown }) => Promise<void>;

export interface JobQueues {
  enqueue: Enqueue;
  /** Runs `job` every `everyMs`; calling it again with another interval replaces the first. */
  schedule(input: { job: "sweep"; everyMs: number }): Promise<void>;
  close(): Promise<void>;
}

const retention = {
  // Long enough that a dispatcher which repeats an id after a crash finds it remembered.
  removeOnComplete: { age: 3600, count: 10_000 },
  removeOnFail: { age: 7 * 24 * 3600, count: 10_000 },
};

/**
 * A job that throws is tried again after 1, 2, 4 … 4096 s, more than two hours in all: a mail waits for its server that
 * long. What orders, events and usage still need after that, the sweep finds.
 */
const attempts = { attempts: 14, backoff: { type: "exponential", delay: 1000 } };

/** Opens one queue for each kind of job, so that a slow kind does not hold up the others. */
export function openQueues(address: QueueAddress & { log: Logger }): JobQueues {
  const connection = connect(address);
  const queues = new Map(
    (Object.keys(jobs) as JobName[]).map((name) => {
      const queue = connection.openQueue(name);
      queue.on("error", (error) => address.log.error({ err: error, queue: name }, "the queue has a fault"));
      return [name, queue];
    }),
  );
  const queueOf = (name: JobName) => queues.get(name)!; // made above for every name
  return {
    async enqueue({ id, job, payload }) {
      await queueOf(job).add(job, parsePayload(job, payload), { jobId: id, ...attempts, ...retention });
    },
    async schedule({ job, everyMs }) {
      await queueOf(job).upsertJobScheduler(job, { every: everyMs }, { name: job, data: {}, opts: retention });
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await connection.close();
    },
  };
}
