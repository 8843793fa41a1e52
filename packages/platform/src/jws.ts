import type { KeyObject } from "node:crypto";
import type { HubKey } from "@berth/contracts";
import { CompactSign, compactVerify, decodeProtectedHeader } from "jose";
import { fail } from "./errors.ts";
import { verifyingKeyOf } from "./signing-keys.ts";

/** A compact JWS (RFC 7515) with EdDSA. `typ` says what kind of word it is, so that one cannot pass for another. */
export function signJws(input: { payload: object; typ: string; kid: string; privateKey: KeyObject }): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(input.payload)))
    .setProtectedHeader({ alg: "EdDSA", typ: input.typ, kid: input.kid })
    .sign(input.privateKey);
}

/** The payload, unparsed by any schema. Throws `unauthenticated` if key, type or signature is not as expected. */
export async function verifyJws(input: { jws: string; typ: string; keys: HubKey[] }): Promise<unknown> {
  try {
    const { kid } = decodeProtectedHeader(input.jws);
    const key = input.keys.find((candidate) => candidate.kid === kid);
    if (key) {
      const verified = await compactVerify(input.jws, verifyingKeyOf(key.publicKey), { algorithms: ["EdDSA"] });
      if (verified.protectedHeader.typ === input.typ) return JSON.parse(Buffer.from(verified.payload).toString("utf8"));
    }
  } catch (cause) {
    fail("unauthenticated", "The signed message was not accepted.", { cause });
  }
  fail("unauthenticated", "The signed message was not accepted.", { internal: "unknown key or another type" });
}
