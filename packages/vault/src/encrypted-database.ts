/// <reference path="./better-sqlite3-multiple-ciphers.d.ts" />
import { chmodSync, closeSync, openSync } from "node:fs";
import { fail } from "@berth/platform";
import Database from "better-sqlite3-multiple-ciphers";

export type EncryptedDatabase = Database;

/**
 * Opens (or makes, 0600) a SQLCipher 4 file. `key`: 32 raw bytes. Throws `forbidden` if the file was made with another
 * key or is no database at all; the file is left as it is.
 */
export function openEncryptedDatabase(file: string, key: Uint8Array): EncryptedDatabase {
  // Made before SQLite does, so that it is never readable by others, not even for a moment.
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  const db = new Database(file);
  try {
    db.pragma("cipher='sqlcipher'");
    db.pragma("legacy=4");
    db.key(Buffer.from(`x'${Buffer.from(key).toString("hex")}'`));
    db.pragma("journal_mode=WAL");
    db.pragma("synchronous=FULL");
    db.pragma("secure_delete=ON");
    db.pragma("busy_timeout=5000");
    return db;
  } catch (cause) {
    db.close();
    fail("forbidden", "The encrypted file does not open with this key.", { cause });
  }
}
