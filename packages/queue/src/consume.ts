import type { JobName, JobPayload } from "@berth/contracts";
import { appErrorOf, type Logger } from "@berth/platform";
import { UnrecoverableError } from "bullmq";
import { connect, type QueueAddress, type TakenJob } from "./connection.ts";
import { parsePayload } from "./parse-payload.ts";

/** What to do with each kind of job. A processor may be called twice for one job, also while the first call still runs. */
export type Processors = {
  [N in JobName]?: (payload: JobPayload<N>, job: { id: string; attempt: number }) => Promise<void>;
};

export interface Consumer {
  /** Stops taking jobs and waits for those that run. */
  close(): Promise<void>;
}

/** A killed worker's job is somebody else's after this long and half as much again. */
const defaultLockMs = 10_000;

/** Works off the queues of `processors`, `concurrency` jobs of each kind at a time. */
export function consume(
  options: QueueAddress & { processors: Processors; concurrency?: number; lockMs?: number | undefined; log: Logger },
): Consumer {
  const connection = connect(options);
  const lockMs = options.lockMs ?? defaultLockMs;
  const workers = (Object.keys(options.processors) as JobName[]).map((name) => {
    const worker = connection.openWorker(name, (job) => work(options, name, job), {
      concurrency: options.concurrency ?? 4,
      lockDuration: lockMs,
      stalledInterval: lockMs / 2,
      // Being killed is not the job's fault: a job lives as long as its attempts last.
      maxStalledCount: 1000,
    });
    worker.on("error", (error) => options.log.error({ err: error, queue: name }, "the queue has a fault"));
    return worker;
  });
  return {
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      await connection.close();
    },
  };
}

type AnyProcessor = (payload: unknown, job: { id: string; attempt: number }) => Promise<void>;

async function work(
  { processors, log }: { processors: Processors; log: Logger },
  name: JobName,
  job: TakenJob,
): Promise<void> {
  const id = job.id ?? "";
  try {
    const payload = parsePayload(name, job.data);
    const run = processors[name] as AnyProcessor | undefined; // its payload was parsed under the same name
    await run?.(payload, { id, attempt: job.attemptsMade + 1 });
  } catch (thrown) {
    const error = appErrorOf(thrown);
    log.error({ err: thrown, job: name, jobId: id, attempt: job.attemptsMade + 1, code: error.code }, "a job failed");
    // The queue keeps a failed job's message: only the part that anybody may read goes there.
    const message = `${error.code}: ${error.publicMessage}`;
    throw error.code === "invalid_input" ? new UnrecoverableError(message) : new Error(message);
  }
}
