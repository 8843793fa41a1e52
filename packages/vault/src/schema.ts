import { fail } from "@berth/platform";
import type { EncryptedDatabase } from "./encrypted-database.ts";

/**
 * Each row brings the file from the schema before it to its own; the number of those done stands in `user_version`.
 * Rows are never changed, only added: a file on a customer's server may be as old as the first.
 * `former_values` keeps what a rotation replaced: old values still stand in transcripts and must still be redacted.
 */
export const migrations = [
  // The first one finds its tables in files that were made before versions were counted.
  `CREATE TABLE IF NOT EXISTS secrets (
     id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, sealed TEXT NOT NULL,
     owner TEXT NOT NULL, tools TEXT NOT NULL, hosts TEXT NOT NULL,
     created_at INTEGER NOT NULL, rotated_at INTEGER, last_used_at INTEGER
   ) STRICT;
   CREATE TABLE IF NOT EXISTS former_values (
     secret_id TEXT NOT NULL REFERENCES secrets(id) ON DELETE CASCADE, version INTEGER NOT NULL, sealed TEXT NOT NULL,
     PRIMARY KEY (secret_id, version)
   ) STRICT;
   CREATE TABLE IF NOT EXISTS audit (
     seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, action TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
     purpose TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL
   ) STRICT;
   CREATE TABLE IF NOT EXISTS audit_head (
     only INTEGER PRIMARY KEY CHECK (only = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL
   ) STRICT;`,
  // Secrets from before bindings named methods were usable with all of them.
  `ALTER TABLE secrets ADD COLUMN methods TEXT NOT NULL DEFAULT '["GET","HEAD","POST","PUT","PATCH","DELETE"]';`,
  // The public half only: what opens a backup is the customer's.
  `CREATE TABLE recovery_key (
     only INTEGER PRIMARY KEY CHECK (only = 1), recipient TEXT NOT NULL, set_at INTEGER NOT NULL
   ) STRICT;`,
];

/** Brings the file's tables up to date, whole or not at all. Throws `conflict` for a file of a newer Berth. */
export function migrateVault(db: EncryptedDatabase): void {
  db.inTransaction(() => {
    const done = Number(db.pragma("user_version"));
    if (done > migrations.length) {
      fail(
        "conflict",
        `The vault has schema ${done}; this version of Berth knows ${migrations.length}. Install a newer one.`,
      );
    }
    for (const migration of migrations.slice(done)) db.exec(migration);
    if (done < migrations.length) db.pragma(`user_version=${migrations.length}`);
  });
}
