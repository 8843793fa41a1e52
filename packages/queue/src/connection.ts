import { createPostgresBackend, Queue, Worker, type WorkerOptions } from "bullmq";
import { Redis } from "ioredis";

export interface QueueAddress {
  /** Used when there is no Redis; BullMQ keeps its tables in the schema `bullmq`. */
  databaseUrl: string;
  redisUrl?: string | undefined;
  /** Sets queues on one shared Redis apart. */
  prefix?: string | undefined;
}

/** A job as a worker is given it. */
export interface TakenJob {
  id?: string | undefined;
  data: unknown;
  attemptsMade: number;
}

type Work = (job: TakenJob) => Promise<void>;
type OwnWorkerOptions = Omit<WorkerOptions, "connection" | "prefix">;

/** Opens queues and workers. */
export interface Connection {
  openQueue(name: string): Pick<Queue, "add" | "upsertJobScheduler" | "close" | "getJobCounts"> & Faults;
  openWorker(name: string, work: Work, options: OwnWorkerOptions): Pick<Worker, "close"> & Faults;
  close(): Promise<void>;
}

interface Faults {
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** Redis where its address is given, PostgreSQL otherwise. Nothing above this file knows which. */
export function connect({ databaseUrl, redisUrl, prefix = "berth" }: QueueAddress): Connection {
  return redisUrl ? onRedis(redisUrl, prefix) : onPostgres(databaseUrl, prefix);
}

function onRedis(redisUrl: string, prefix: string): Connection {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  return {
    openQueue: (name) => new Queue(name, { connection, prefix }),
    openWorker: (name, work, options) => new Worker(name, work, { ...options, connection, prefix }),
    close: () => connection.quit().then(() => undefined),
  };
}

function onPostgres(databaseUrl: string, prefix: string): Connection {
  // The config form pins the search path to BullMQ's schema; a bare address would not.
  const connection = { connectionString: databaseUrl, migrate: true, max: 3 };
  return {
    openQueue: (name) => new Queue(name, { connection, prefix }, createPostgresBackend),
    openWorker: (name, work, options) =>
      new Worker(name, work, { ...options, connection, prefix }, createPostgresBackend),
    close: async () => {},
  };
}
