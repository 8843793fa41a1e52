import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { fail } from "./errors.ts";

const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM (NIST SP 800-38D) under a fresh nonce: nonce, ciphertext and tag in one. */
export function sealBytes(plaintext: Uint8Array, key: Uint8Array, associatedData: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes }).setAAD(associatedData);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Throws `internal` if the key, the associated data or a single bit is not the one it was sealed with. */
export function unsealBytes(sealed: Uint8Array, key: Uint8Array, associatedData: Uint8Array): Buffer {
  try {
    const body = sealed.subarray(nonceBytes, Math.max(nonceBytes, sealed.length - tagBytes));
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(associatedData)
      .setAuthTag(sealed.subarray(nonceBytes + body.length));
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch (cause) {
    fail("internal", "A sealed value did not open.", { cause });
  }
}

/**
 * Text sealed as base64url. `associatedData` says what the value belongs to (table, row, column), so that a sealed value
 * moved elsewhere does not open.
 */
export const seal = (plaintext: string, key: Uint8Array, associatedData: string): string =>
  sealBytes(Buffer.from(plaintext), key, Buffer.from(associatedData)).toString("base64url");

/** Throws `internal` like `unsealBytes`. */
export const unseal = (sealed: string, key: Uint8Array, associatedData: string): string =>
  unsealBytes(Buffer.from(sealed, "base64url"), key, Buffer.from(associatedData)).toString("utf8");
