import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { appErrorOf } from "@berth/platform";
import type Database from "better-sqlite3-multiple-ciphers";
import { changeKey, openSqlcipher } from "./sqlcipher.ts";
import { syncFolder } from "./sync-folder.ts";

/**
 * A file gets another key as a whole copy beside it, which then takes its name: whatever ends the process, the file under
 * the name is the old one or the new one. `PRAGMA rekey` on the file itself would leave that to a journal whose pages are
 * under two keys.
 */
const copyOf = (file: string): string => `${file}.next`;

interface StageInput {
  /** Closed, and with no write-ahead log left beside it. */
  file: string;
  key: Uint8Array;
  nextKey: Uint8Array;
  /** Seals anew what is sealed inside; runs in one transaction of the copy. */
  rewrite: (copy: Database) => void;
}

/** Makes the copy under the next key, whole and on the disk. */
export function stageCopy({ file, key, nextKey, rewrite }: StageInput): void {
  const copy = copyOf(file);
  dropCopy(file);
  copyFileSync(file, copy, constants.COPYFILE_EXCL);
  const db = openSqlcipher({ file: copy, key, journal: "DELETE" });
  try {
    changeKey(db, nextKey);
    db.transaction(() => rewrite(db)).immediate();
  } finally {
    db.close();
  }
  const fd = openSync(copy, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Puts the copy in the file's place. */
export function commitCopy(file: string): void {
  renameSync(copyOf(file), file);
  syncFolder(file);
}

export function dropCopy(file: string): void {
  for (const suffix of ["", "-journal", "-wal", "-shm"]) rmSync(`${copyOf(file)}${suffix}`, { force: true });
}

const opens = (file: string, key: Uint8Array, journal: "WAL" | "DELETE"): boolean => {
  if (!existsSync(file) || statSync(file).size === 0) return false;
  try {
    openSqlcipher({ file, key, journal }).close();
    return true;
  } catch (error) {
    if (appErrorOf(error).code === "forbidden") return false;
    throw error;
  }
};

export const opensWith = (file: string, key: Uint8Array): boolean => opens(file, key, "WAL");

/** Takes back or finishes a rekey that broke off: the copy is dropped if the file opens with `key`, else takes its place. */
export function settleFile(file: string, key: Uint8Array): void {
  if (!existsSync(copyOf(file))) return;
  if (opensWith(file, key)) dropCopy(file);
  else if (opens(copyOf(file), key, "DELETE")) commitCopy(file);
}
