import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "./generated/client.ts";

/** A database client, or a transaction on one: what a verb writes through. */
export type Db = PrismaClient;
export type Tx = Prisma.TransactionClient;

/** Opens a pool of at most `connections` to the database at `url`; nothing connects before the first query. */
export function createDb({ url, connections = 10 }: { url: string; connections?: number }): Db {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: connections }) });
}

/** Runs `work` in one transaction: all of it commits, or none. Waits up to 10 s for a connection, lasts up to 20 s. */
export function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.$transaction(work, { maxWait: 10_000, timeout: 20_000 });
}

/** True when `error` says that a unique index refused the row. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "P2002";
}
