/// <reference path="./better-sqlite3-multiple-ciphers.d.ts" />
import { chmodSync, closeSync, openSync } from "node:fs";
import { AppError } from "@berth/platform";
import Database from "better-sqlite3-multiple-ciphers";

const rawKey = (key: Uint8Array): Buffer => Buffer.from(`x'${Buffer.from(key).toString("hex")}'`);

/** SQLCipher 4 (256-bit AES, an HMAC on each page) under a raw key of 32 bytes. */
export interface SqlcipherInput {
  file: string;
  key: Uint8Array;
  /** DELETE for a copy that is to be one file when it is closed. */
  journal?: "WAL" | "DELETE";
  /** How long to wait for another process that has it open, in milliseconds. */
  timeoutMs?: number;
}

/**
 * Opens (or makes, 0600) the file, for this process alone. Throws `forbidden` if it was made with another key or is no
 * database at all, `conflict` if another process has it open, `unavailable` if the disk fails; the file is left as it is.
 */
export function openSqlcipher({ file, key, journal = "WAL", timeoutMs = 5000 }: SqlcipherInput): Database {
  let db: Database | null = null;
  try {
    // Made before SQLite does, so that it is never readable by others, not even for a moment.
    closeSync(openSync(file, "a", 0o600));
    chmodSync(file, 0o600);
    db = new Database(file, { timeout: timeoutMs });
    db.pragma("cipher='sqlcipher'");
    db.pragma("legacy=4");
    db.key(rawKey(key));
    // One process at a time: a rekey puts another file in this one's place.
    db.pragma("locking_mode=EXCLUSIVE");
    db.pragma(`journal_mode=${journal}`);
    db.pragma("synchronous=FULL");
    db.pragma("secure_delete=ON");
    // Temporary files of SQLite are not encrypted.
    db.pragma("temp_store=MEMORY");
    db.pragma("foreign_keys=ON");
    return db;
  } catch (cause) {
    db?.close();
    throw openingFault(cause);
  }
}

/** Gives an open file another key; every page is written anew. */
export const changeKey = (db: Database, key: Uint8Array): void => db.rekey(rawKey(key));

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";

function openingFault(cause: unknown): unknown {
  const code = codeOf(cause);
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(code)) {
    return new AppError("conflict", "Another process has the encrypted file open. Is a second agent running?", {
      cause,
    });
  }
  const fault = storageFault(cause);
  if (fault instanceof AppError && fault.code === "unavailable") return fault;
  if (!code.startsWith("SQLITE_")) return cause;
  return new AppError("forbidden", "The encrypted file does not open with this key.", { cause });
}

/** What is wrong with disk or file, as `unavailable` or `internal` with the way out; anything else as it was thrown. */
export function storageFault(thrown: unknown, what = "The encrypted file"): unknown {
  const code = codeOf(thrown);
  // A page whose HMAC does not fit is no database to SQLite.
  if (/^SQLITE_(?:CORRUPT|NOTADB|IOERR_CORRUPTFS)/.test(code)) {
    return new AppError("internal", `${what} is damaged. Restore a backup of it.`, { cause: thrown });
  }
  if (!/^SQLITE_(?:FULL|IOERR|READONLY|CANTOPEN)|^(?:ENOSPC|EROFS|EDQUOT)$/.test(code)) return thrown;
  const way = "Make room on the disk or mount it writable, then try again.";
  return new AppError("unavailable", `${what} cannot be written (${code}). ${way}`, { cause: thrown });
}
