import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fail } from "@berth/platform";
import pg from "pg";

// Prisma's own bookkeeping table and advisory lock, so that `prisma migrate deploy` can take over where this stopped.
const lockId = 72707369;
const bookkeepingTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

type Bookkeeping = { checksum: string; finished_at: Date | null };

async function applyOne(client: pg.Client, name: string, sql: string, checksum: string): Promise<void> {
  const id = randomUUID();
  await client.query("INSERT INTO _prisma_migrations(id, checksum, migration_name) VALUES ($1, $2, $3)", [
    id,
    checksum,
    name,
  ]);
  try {
    await client.query(sql);
  } catch (error) {
    await client.query("UPDATE _prisma_migrations SET logs = $2 WHERE id = $1", [id, String(error)]);
    throw error;
  }
  await client.query("UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1", [id]);
}

function assertUnchanged(name: string, checksum: string, earlier: Bookkeeping): void {
  if (!earlier.finished_at) fail("conflict", `The migration ${name} failed earlier; it has to be repaired by hand.`);
  if (earlier.checksum !== checksum) fail("conflict", `The migration ${name} was edited after it had been applied.`);
}

/**
 * Applies `directory/<name>/migration.sql` in order of their names and returns the names applied now.
 * Several processes may call it at once. Throws AppError `conflict` when an applied migration failed or was edited.
 */
export async function migrate({ url, directory }: { url: string; directory: string }): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [lockId]);
    await client.query(bookkeepingTable);
    const { rows } = await client.query<Bookkeeping & { migration_name: string }>(
      "SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL",
    );
    const earlier = new Map(rows.map((row) => [row.migration_name, row]));
    const applied: string[] = [];
    const folders = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    for (const name of folders.map((entry) => entry.name).sort()) {
      const sql = await readFile(path.join(directory, name, "migration.sql"), "utf8");
      const checksum = createHash("sha256").update(sql).digest("hex");
      const done = earlier.get(name);
      if (done) {
        assertUnchanged(name, checksum, done);
        continue;
      }
      await applyOne(client, name, sql, checksum);
      applied.push(name);
    }
    return applied;
  } finally {
    await client.end();
  }
}
