import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { fail } from "./errors.ts";

/** Ed25519 (RFC 8032). The public key is the raw 32 bytes in base64url, as in RFC 8037's `x`. */
export function generateSigningKey(): { privateKey: KeyObject; publicKey: string } {
  const { privateKey } = generateKeyPairSync("ed25519");
  return { privateKey, publicKey: publicKeyOf(privateKey) };
}

export function publicKeyOf(privateKey: KeyObject): string {
  const { x } = createPublicKey(privateKey).export({ format: "jwk" });
  if (!x) fail("internal", "The signing key is not an Ed25519 key.");
  return x;
}

export const exportSigningKey = (privateKey: KeyObject): string =>
  privateKey.export({ format: "pem", type: "pkcs8" }).toString();

/** Throws `invalid_input` if the text is not an Ed25519 key in PKCS #8 PEM. */
export function importSigningKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch (cause) {
    fail("invalid_input", "The signing key file does not hold a PKCS #8 PEM key.", { cause });
  }
  fail("invalid_input", "The signing key must be an Ed25519 key.");
}

export const verifyingKeyOf = (publicKey: string): KeyObject =>
  createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: publicKey }, format: "jwk" });
