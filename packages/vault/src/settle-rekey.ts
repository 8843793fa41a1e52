import { existsSync, statSync } from "node:fs";
import { fail } from "@berth/platform";
import { deriveKey } from "./derive-key.ts";
import { readVaultKeys } from "./key-file.ts";
import { opensWith, settleFile } from "./rekey-file.ts";

/** A file under a key of its own, derived from the vault key for this purpose. */
export interface KeyedFile {
  file: string;
  purpose: string;
}

export const vaultFilePurpose = "vault file";

/**
 * The vault key that is in force, before anything is opened. After a rekey that broke off the key file holds two; the one
 * that opens the first of `files` is the live one, and every file is brought to it: the first file is switched first, so
 * it tells whether the rekey took place. Throws `forbidden` if neither key opens it.
 */
export function settleRekey({ keyFile, files }: { keyFile: string; files: KeyedFile[] }): Buffer {
  const keys = readVaultKeys(keyFile);
  const [first] = files;
  const live = keys.length > 1 && first && isMade(first.file) ? findLive(keys, first) : keys[0];
  if (!live) return fail("forbidden", "The encrypted file does not open with a key of the key file.");
  for (const { file, purpose } of files) settleFile(file, deriveKey(live, purpose));
  return live;
}

const isMade = (file: string): boolean => existsSync(file) && statSync(file).size > 0;

const findLive = (keys: Buffer[], { file, purpose }: KeyedFile): Buffer | undefined =>
  keys.find((key) => opensWith(file, deriveKey(key, purpose)));

/** One file on its way to a new key. All calls happen in one tick, so that nobody reads or writes in between. */
export interface RekeyPart {
  /** Makes the new file beside the old one. Undoes itself if it throws. */
  stage(): void;
  /** Puts it in the old one's place. */
  commit(): void;
  abandon(): void;
}

/**
 * All or none: every new file is whole on the disk before the first is switched. What breaks off after that is finished by
 * `settleRekey` at the next start; until then the files that were not switched stay closed.
 */
export function rekeyTogether(parts: RekeyPart[]): void {
  const staged: RekeyPart[] = [];
  try {
    for (const part of parts) {
      part.stage();
      staged.push(part);
    }
  } catch (error) {
    for (const part of staged) abandon(part);
    throw error;
  }
  for (const part of parts) part.commit();
}

/** One that cannot be opened again stays closed, so that nothing is read from it; the others must not stay with it. */
function abandon(part: RekeyPart): void {
  try {
    part.abandon();
  } catch {
    // The reason for taking back is what is told.
  }
}
