/** HTTP message signatures (RFC 9421) with Ed25519 over method, target and body digest (RFC 9530). */
import { createHash, type KeyObject, randomBytes, sign, verify } from "node:crypto";
import type { Clock } from "./clock.ts";
import { fail } from "./errors.ts";
import { verifyingKeyOf } from "./signing-keys.ts";

const covered = ["@method", "@target-uri", "content-digest"] as const;

/** The target without scheme and host: a tenant may know the Hub by another name than the Hub itself does. */
const targetOf = (url: string): string => {
  const parsed = new URL(url, "http://any");
  return `${parsed.pathname}${parsed.search}`;
};

const digestOf = (body: Uint8Array | string): string =>
  `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;

function signatureBase(method: string, url: string, digest: string, params: string): string {
  return [
    `"@method": ${method.toUpperCase()}`,
    `"@target-uri": ${targetOf(url)}`,
    `"content-digest": ${digest}`,
    `"@signature-params": ${params}`,
  ].join("\n");
}

export interface SignRequestInput {
  method: string;
  url: string;
  body?: Uint8Array | string;
  keyId: string;
  privateKey: KeyObject;
  clock: Clock;
}

/** Headers that prove who sent the request and that nobody changed it. */
export function signRequest(input: SignRequestInput): Record<string, string> {
  const digest = digestOf(input.body ?? "");
  const created = Math.floor(input.clock.now() / 1000);
  const components = covered.map((name) => `"${name}"`).join(" ");
  const nonce = randomBytes(16).toString("base64url");
  const params = `(${components});created=${created};keyid="${input.keyId}";alg="ed25519";nonce="${nonce}"`;
  const base = signatureBase(input.method, input.url, digest, params);
  const signature = sign(null, Buffer.from(base), input.privateKey).toString("base64");
  return { "content-digest": digest, "signature-input": `sig1=${params}`, signature: `sig1=:${signature}:` };
}

type Headers = Record<string, string | string[] | undefined>;
const paramsPattern =
  /^sig1=(\("@method" "@target-uri" "content-digest"\);created=(\d{1,12});keyid="([A-Za-z0-9_.-]{1,100})";alg="ed25519";nonce="[A-Za-z0-9_-]{1,64}")$/;

const headerOf = (headers: Headers, name: string): string => {
  const value = headers[name];
  return typeof value === "string" ? value : "";
};

/** The key id a request claims, before anything is verified; null if it has no such signature. */
export function keyIdOf(headers: Headers): string | null {
  return paramsPattern.exec(headerOf(headers, "signature-input"))?.[3] ?? null;
}

export interface VerifyRequestInput {
  method: string;
  url: string;
  /** Lower-case names. */
  headers: Headers;
  body: Uint8Array | string;
  publicKeyOf: (keyId: string) => Promise<string | null>;
  clock: Clock;
  /** How far `created` may be from now, either way. */
  maxAgeMs?: number;
}

const refuse = (internal: string): never =>
  fail("unauthenticated", "The request's signature was not accepted.", { internal });

/** Throws `unauthenticated` unless the signature is by the key it names, fresh, and over this very request. */
export async function verifyRequest(input: VerifyRequestInput): Promise<{ keyId: string }> {
  const match = paramsPattern.exec(headerOf(input.headers, "signature-input"));
  if (!match) return refuse("no signature, or one that covers too little");
  const [, params = "", created = "", keyId = ""] = match;
  if (Math.abs(input.clock.now() - Number(created) * 1000) > (input.maxAgeMs ?? 300_000))
    return refuse("too old or too new");
  const digest = headerOf(input.headers, "content-digest");
  if (digest !== digestOf(input.body)) return refuse("the body is not the one that was signed");
  const signature = /^sig1=:([A-Za-z0-9+/=]+):$/.exec(headerOf(input.headers, "signature"))?.[1];
  const publicKey = await input.publicKeyOf(keyId);
  if (!signature || !publicKey) return refuse(publicKey ? "malformed signature" : "unknown key");
  const base = Buffer.from(signatureBase(input.method, input.url, digest, params));
  if (!verify(null, base, verifyingKeyOf(publicKey), Buffer.from(signature, "base64")))
    return refuse("wrong signature");
  return { keyId };
}
