import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { fail } from "@berth/platform";
import { fingerprintOf } from "./derive-key.ts";
import { storageFault } from "./sqlcipher.ts";
import { syncFolder } from "./sync-folder.ts";

/** A fresh vault key: 32 bytes. */
export const generateVaultKey = (): Buffer => randomBytes(32);

const textOf = (keys: Uint8Array[]): string => keys.map((key) => Buffer.from(key).toString("hex")).join("\n");

/** Makes a key file (0400) with a fresh key. Throws if there is one. */
export function createKeyFile(keyFile: string): Buffer {
  const key = generateVaultKey();
  writeFileSync(keyFile, textOf([key]), { flag: "wx", mode: 0o400, flush: true });
  return key;
}

/**
 * The keys of a key file: one; two while a rekey is under way (the present one, then the next). Each is 32 bytes as hex
 * or base64url on a line of its own. A file, because environment and argv are seen by others. Throws `unavailable` if it
 * cannot be read, `forbidden` with the way out if others could read or replace it, and `invalid_input` if it holds
 * something else.
 */
export function readVaultKeys(keyFile: string): Buffer[] {
  const keys = readGuarded(keyFile).trim().split(/\r?\n/).map(keyOf);
  if (keys.length > 2)
    fail("invalid_input", "The vault's key file holds more than two keys. Leave the right one only.");
  return keys;
}

function keyOf(line: string): Buffer {
  const key = /^[0-9a-f]{64}$/i.test(line) ? Buffer.from(line, "hex") : Buffer.from(line, "base64url");
  if (!/^[A-Za-z0-9_-]+$/.test(line) || key.length !== 32) {
    fail("invalid_input", "The vault's key file must hold 32 bytes as base64url or hex.");
  }
  return key;
}

/** Checked on the open file, so that nobody can put another one there in between. */
function readGuarded(keyFile: string): string {
  let fd: number;
  try {
    fd = openSync(keyFile, "r");
  } catch (cause) {
    fail("unavailable", `The vault's key file ${keyFile} cannot be read.`, { cause });
  }
  try {
    refuseOpenToOthers(keyFile, fstatSync(fd));
    return readFileSync(fd, "utf8");
  } finally {
    closeSync(fd);
  }
}

/**
 * Mine or root's, and closed to everybody else. systemd hands a credential over as root's file with an access list, which
 * shows as readable by the group root: that is allowed, as nobody but root is in it.
 */
function refuseOpenToOthers(keyFile: string, { mode, uid, gid }: Stats): void {
  const me = process.geteuid?.();
  if (uid !== 0 && uid !== me) {
    fail("forbidden", `The vault's key file ${keyFile} belongs to another user. Mend it: chown ${me} ${keyFile}`);
  }
  const asCredential = uid === 0 && gid === 0 && (mode & 0o030) === 0;
  if ((mode & 0o007) !== 0 || ((mode & 0o070) !== 0 && !asCredential)) {
    fail("forbidden", `Others can read the vault's key file ${keyFile}. Mend it: chmod 0400 ${keyFile}`);
  }
  const folder = dirname(keyFile);
  const around = statSync(folder);
  // A sticky folder, as /tmp is, lets nobody replace what another put there.
  if ((around.mode & 0o022) !== 0 && (around.mode & 0o1000) === 0) {
    fail("forbidden", `Others can replace the vault's key file: ${folder} is writable. Mend it: chmod go-w ${folder}`);
  }
}

/** Puts `next` under the present key: from here on the vault opens whichever of the two it is sealed with. */
export function stageNextKey(keyFile: string, next: Uint8Array): void {
  const [present, other] = readVaultKeys(keyFile);
  if (!present || other) fail("conflict", "A rekey is under way already. Settle it first.");
  writeKeys(keyFile, [present, next]);
}

/** Leaves only the key with this fingerprint. Throws `conflict` if it is not in the file, which is left as it is then. */
export function settleKeyFile(keyFile: string, fingerprint: string): void {
  const keys = readVaultKeys(keyFile);
  const live = keys.find((key) => fingerprintOf(key) === fingerprint);
  if (!live) fail("conflict", `${keyFile} does not hold the key that the vault is sealed with. Is it the right file?`);
  if (keys.length > 1) writeKeys(keyFile, [live]);
}

function writeKeys(keyFile: string, keys: Uint8Array[]): void {
  const draft = `${keyFile}.new`;
  try {
    replaceFile(keyFile, draft, textOf(keys));
  } catch (thrown) {
    rmSync(draft, { force: true });
    throw storageFault(thrown, `The vault's key file ${keyFile}`);
  }
}

/** The new file is whole on the disk before it takes the old one's name. */
function replaceFile(keyFile: string, draft: string, text: string): void {
  const { uid, gid } = statSync(keyFile);
  rmSync(draft, { force: true });
  const fd = openSync(draft, "wx", 0o400);
  try {
    writeSync(fd, text);
    fchownSync(fd, uid, gid);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, keyFile);
  syncFolder(keyFile);
}
