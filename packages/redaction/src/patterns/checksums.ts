import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

function toBase62(value: number, width: number): string {
  let rest = value;
  let digits = "";
  while (rest > 0) {
    digits = `${base62[rest % 62]}${digits}`;
    rest = Math.floor(rest / 62);
  }
  return digits.padStart(width, "0");
}

/** The last six base62 digits are the CRC-32 of what stands between the prefix and them. */
const crcInBase62 = (token: string): boolean => {
  const body = token.slice(token.lastIndexOf("_") + 1);
  return toBase62(crc32(body.slice(0, -6)), 6) === body.slice(-6);
};

/** The last eight hexadecimal digits are the CRC-32 of what stands between the prefix and the `_` before them. */
const crcInHex = (token: string): boolean => {
  const [body = "", sum = ""] = token.split("_").slice(-2);
  return crc32(body).toString(16).padStart(8, "0") === sum;
};

/** The last base62 digits, after a `_`, are the CRC-32 of all that stands before it. */
const crcOfWhole = (token: string): boolean => {
  const cut = token.lastIndexOf("_");
  return toBase62(crc32(token.slice(0, cut)), 6) === token.slice(cut + 1);
};

/** ISO/IEC 7812-1 annex B, over the digits alone. */
export function luhn(text: string): boolean {
  let sum = 0;
  let double = false;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) continue;
    sum += double && digit > 4 ? digit * 2 - 9 : double ? digit * 2 : digit;
    double = !double;
  }
  return sum % 10 === 0;
}

/** Bytes of a base58 number, or null where a character is none of its digits. */
function fromBase58(text: string): Buffer | null {
  let value = 0n;
  for (const digit of text) {
    const at = base58.indexOf(digit);
    if (at < 0) return null;
    value = value * 58n + BigInt(at);
  }
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex");
}

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** The last four bytes are the beginning of the doubled SHA-256 of the others. */
const base58Check = (token: string): boolean => {
  const bytes = fromBase58(token);
  if (!bytes || bytes.length < 5) return false;
  return sha256(sha256(bytes.subarray(0, -4)))
    .subarray(0, 4)
    .equals(bytes.subarray(-4));
};

/** BIP 173: the polynomial over the human-readable part and the data is one. */
const bech32Check = (token: string): boolean => {
  const text = token.toLowerCase();
  const cut = text.lastIndexOf("1");
  const head = Array.from(text.slice(0, cut), (letter) => letter.charCodeAt(0));
  const data = Array.from(text.slice(cut + 1), (letter) => bech32.indexOf(letter));
  let sum = 1;
  for (const value of [...head.map((code) => code >> 5), 0, ...head.map((code) => code & 31), ...data]) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].entries()) {
      if ((top >> bit) & 1) sum ^= generator;
    }
  }
  return sum === 1 && !data.includes(-1);
};

/** A JSON object in base64url, as the first part of a token is in RFC 7515. */
const jsonInBase64 = (token: string): boolean => {
  const head = Buffer.from(token.split(".", 1)[0] ?? "", "base64url").toString("latin1");
  return /^\{\s*"/.test(head);
};

export const checksums = {
  crcInBase62,
  crcInHex,
  crcOfWhole,
  luhn,
  base58Check,
  bech32Check,
  jsonInBase64,
} satisfies Record<string, (token: string) => boolean>;

/** Proof inside a token that it is no accident; a token without it is no hit. */
export type Checksum = keyof typeof checksums;
