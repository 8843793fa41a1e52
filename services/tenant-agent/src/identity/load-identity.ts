import type { KeyObject } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { exportSigningKey, generateSigningKey, importSigningKey, publicKeyOf } from "@berth/platform";

export interface Identity {
  privateKey: KeyObject;
  publicKey: string;
}

/**
 * The machine's Ed25519 key, made at first use. It is on disk, whole and 0600, before anybody hears of it, so that an
 * agent killed in the middle of enrolling goes on with the same key.
 */
export function loadIdentity(path: string): Identity {
  if (!existsSync(path)) {
    const partial = `${path}.partial`;
    const file = openSync(partial, "w", 0o600);
    writeSync(file, exportSigningKey(generateSigningKey().privateKey));
    fsyncSync(file);
    closeSync(file);
    renameSync(partial, path);
  }
  const privateKey = importSigningKey(readFileSync(path, "utf8"));
  return { privateKey, publicKey: publicKeyOf(privateKey) };
}
