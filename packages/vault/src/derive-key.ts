import { hkdfSync } from "node:crypto";

/** HKDF-SHA-256 (RFC 5869). */
export const hkdfSha256 = (key: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Buffer =>
  Buffer.from(hkdfSync("sha256", key, salt, info, length));

/** A key of its own for each purpose, so that no key does two jobs. */
export const deriveKey = (key: Uint8Array, purpose: string): Buffer =>
  hkdfSha256(key, Buffer.alloc(0), Buffer.from(`berth ${purpose}`), 32);

/** Tells two vault keys apart without saying anything about either: 16 hex digits. */
export const fingerprintOf = (key: Uint8Array): string =>
  deriveKey(key, "vault key fingerprint").subarray(0, 8).toString("hex");
