import { readFileSync } from "node:fs";
import { fail, importSigningKey, publicKeyOf, sha256Hex } from "@berth/platform";
import type { HubKeys } from "../deps.ts";

/** The Hub's Ed25519 key from a PKCS8 PEM file. Its `kid` follows from the public half, so every process says the same. */
export function loadHubKeys(file: string): HubKeys {
  const privateKey = importSigningKey(readSecretFile(file, "The Hub's signing key"));
  const publicKey = publicKeyOf(privateKey);
  const kid = `hub-${sha256Hex(publicKey).slice(0, 16)}`;
  return { current: { kid, privateKey }, all: [{ kid, publicKey }] };
}

/** 32 bytes in base64url; seals key material in the database. */
export function loadSealKey(file: string): Uint8Array {
  const key = Buffer.from(readSecretFile(file, "The Hub's seal key").trim(), "base64url");
  if (key.length !== 32) fail("invalid_input", `${file} must hold 32 bytes in base64url.`);
  return key;
}

function readSecretFile(file: string, what: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    fail("invalid_input", `${what} can't be read from ${file}.`, { cause });
  }
}
