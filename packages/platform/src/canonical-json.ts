import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { fail } from "./errors.ts";

/** RFC 8785 (JCS) form: the same text for the same value, whatever the order of its keys. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) fail("invalid_input", "The value has no JSON form.");
  return text;
}

/** Lower-case hex. */
export const sha256Hex = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** What an approval is bound to: the hash of the exact arguments. */
export const argumentsSha256 = (args: unknown): string => sha256Hex(canonicalJson(args));
