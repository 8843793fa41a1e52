import { type Clock, seal, unseal } from "@berth/platform";
import { deriveKey, type EncryptedDatabase, openEncryptedDatabase, type RekeyPart } from "@berth/vault";
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
  /** One part of the vault's `rekeyTogether`; `nextKey` is the next vault key. */
  rekeying(nextKey: Uint8Array): RekeyPart;
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

export const ledgerFilePurpose = "ledger file";
/** What the sealed arguments of an approval belong to. */
export const approvalPlaceOf = (id: string): string => `approval:${id}`;

const SettingRow = z.object({ value: z.string() });
const SealedRow = z.object({ id: z.string(), arguments_sealed: z.string() });

/** `key`: the vault key in force. Throws `forbidden` for another one, `conflict` if the file is open elsewhere. */
export function openLedger(input: { file: string; key: Uint8Array; clock: Clock }): Ledger {
  const db = openEncryptedDatabase(input.file, deriveKey(input.key, ledgerFilePurpose));
  let argumentsKey = deriveKey(input.key, "ledger arguments");
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
    inTransaction: db.inTransaction,
    rekeying(nextKey) {
      const nextArgumentsKey = deriveKey(nextKey, "ledger arguments");
      const part = db.rekeying(deriveKey(nextKey, ledgerFilePurpose), (copy) => {
        const rows = copy.prepare("SELECT id, arguments_sealed FROM approvals WHERE arguments_sealed <> ''").all();
        for (const { id, arguments_sealed: sealed } of z.array(SealedRow).parse(rows)) {
          const again = seal(unseal(sealed, argumentsKey, approvalPlaceOf(id)), nextArgumentsKey, approvalPlaceOf(id));
          copy.prepare("UPDATE approvals SET arguments_sealed = ? WHERE id = ?").run(again, id);
        }
      });
      return {
        ...part,
        commit(): void {
          part.commit();
          argumentsKey = nextArgumentsKey;
        },
      };
    },
    close: () => db.close(),
  };
}
