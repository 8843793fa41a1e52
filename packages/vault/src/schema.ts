import type { EncryptedDatabase } from "./encrypted-database.ts";

/** `former_values` keeps what a rotation replaced: old values still stand in transcripts and must still be redacted. */
export function createVaultTables(db: EncryptedDatabase): void {
  db.exec(`
    CREATE TABLE IF NOT EXISTS secrets (
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
    ) STRICT;
    PRAGMA foreign_keys=ON;
  `);
}
