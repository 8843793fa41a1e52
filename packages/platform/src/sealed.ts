import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { fail } from "./errors.ts";

/**
 * AES-256-GCM (NIST SP 800-38D): base64url of nonce, ciphertext and tag. `associatedData` says what the value belongs to
 * (table, row, column), so that a sealed value moved elsewhere does not open.
 */
export function seal(plaintext: string, key: Uint8Array, associatedData: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(associatedData));
  const body = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString("base64url");
}

/** Throws `internal` if the key, the place or a single bit is not the one it was sealed with. */
export function unseal(sealed: string, key: Uint8Array, associatedData: string): string {
  const bytes = Buffer.from(sealed, "base64url");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12))
      .setAAD(Buffer.from(associatedData))
      .setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString("utf8");
  } catch (cause) {
    fail("internal", "A sealed value did not open.", { cause });
  }
}
