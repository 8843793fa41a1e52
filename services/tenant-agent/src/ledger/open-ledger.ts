import { type Clock, seal, unseal } from "@berth/platform";
import { deriveKey, type EncryptedDatabase, openEncryptedDatabase, readVaultKey } from "@berth/vault";
import { z } from "zod";

/** The agent's own memory: approvals with their exact arguments, the outbox, settings. Encrypted like the vault. */
export interface Ledger {
  db: EncryptedDatabase;
  clock: Clock;
  /** Seals text to its row; `place` must be the same when it is opened. */
  seal(text: string, place: string): string;
  unseal(sealed: string, place: string): string;
  readSetting(name: string): string | null;
  writeSetting(name: string, value: string): void;
  inTransaction<T>(work: () => T): T;
  close(): void;
}

const tables = `
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS approvals (
    id TEXT PRIMARY KEY, agent TEXT NOT NULL, session_key TEXT NOT NULL, tool TEXT NOT NULL, origin TEXT NOT NULL,
    arguments_sealed TEXT NOT NULL, arguments_sha256 TEXT NOT NULL, state TEXT NOT NULL, execution TEXT NOT NULL,
    created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, grant_expires_at INTEGER, note TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS approvals_open ON approvals (session_key, tool) WHERE state = 'pending';
  CREATE TABLE IF NOT EXISTS used_nonces (nonce TEXT PRIMARY KEY, used_at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, lane TEXT NOT NULL, path TEXT NOT NULL, body TEXT NOT NULL,
    attempts INTEGER NOT NULL, dead_reason TEXT
  ) STRICT;
`;

const SettingRow = z.object({ value: z.string() });

/** Throws like `openVault` for a wrong or missing key. */
export function openLedger(input: { file: string; keyFile: string; clock: Clock }): Ledger {
  const key = readVaultKey(input.keyFile);
  const db = openEncryptedDatabase(input.file, deriveKey(key, "ledger file"));
  const argumentsKey = deriveKey(key, "ledger arguments");
  db.exec(tables);
  return {
    db,
    clock: input.clock,
    seal: (text, place) => seal(text, argumentsKey, place),
    unseal: (sealed, place) => unseal(sealed, argumentsKey, place),
    readSetting: (name) =>
      SettingRow.optional().parse(db.prepare("SELECT value FROM settings WHERE name = ?").get(name))?.value ?? null,
    writeSetting: (name, value) => {
      db.prepare("INSERT OR REPLACE INTO settings VALUES (?, ?)").run(name, value);
    },
    inTransaction: (work) => db.transaction(work).immediate(),
    close: () => db.close(),
  };
}
