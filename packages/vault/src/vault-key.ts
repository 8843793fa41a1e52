import { hkdfSync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { fail } from "@berth/platform";

/** A fresh vault key in the form `readVaultKey` takes: 32 bytes, base64url. */
export const generateVaultKey = (): string => randomBytes(32).toString("base64url");

/**
 * The 32 bytes of a key file: base64url or hex text, a final newline allowed. A file, because environment and argv are
 * seen by others. Throws `unavailable` if it cannot be read and `invalid_input` if it holds something else.
 */
export function readVaultKey(keyFile: string): Buffer {
  let text: string;
  try {
    text = readFileSync(keyFile, "utf8").trim();
  } catch (cause) {
    fail("unavailable", "The vault's key file cannot be read.", { cause });
  }
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, "hex") : Buffer.from(text, "base64url");
  if (!/^[A-Za-z0-9_-]+$/.test(text) || key.length !== 32) {
    fail("invalid_input", "The vault's key file must hold 32 bytes as base64url or hex.");
  }
  return key;
}

/** A key of its own for each purpose (HKDF-SHA-256, RFC 5869), so that no key does two jobs. */
export const deriveKey = (key: Uint8Array, purpose: string): Buffer =>
  Buffer.from(hkdfSync("sha256", key, Buffer.alloc(0), `berth ${purpose}`, 32));
