import type { CompiledRule } from "./compiled-rules.ts";
import { kindOfKey, mayBeKey } from "./key-names.ts";
import { beginOf, endOf, type Scan } from "./scan.ts";

/** What stands shortly before a token that may be a secret. */
export interface Surroundings {
  /** A word that names a credential, and none that names a digest or an identifier between it and the token. */
  credential: boolean;
  /** Rules of the vendors that are named. */
  rules: CompiledRule[];
}

const farthest = 90;
const mostTokens = 9;
/** What such a word announces looks random and is none of anybody's secrets. */
const notSecret = new Set(
  (
    "sha sha1 sha256 sha384 sha512 md5 hash hashes commit commits digest etag checksum integrity uuid guid revision rev nonce " +
    "fingerprint trace span request public blob tree build image layer container"
  ).split(" "),
);

const wordsOf = (text: string): string[] =>
  (text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g) ?? []).map((word) => word.toLowerCase());

/** Looks at nine tokens and 90 units at most, on the same line or on the one before if that ends with a colon. */
export function surroundingsOf(scan: Scan, token: number, keywords: ReadonlyMap<string, CompiledRule[]>): Surroundings {
  const found: Surroundings = { credential: false, rules: [] };
  const begin = beginOf(scan, token);
  let decided = false;
  for (let at = token - 1; at >= 0 && at >= token - mostTokens; at -= 1) {
    const end = endOf(scan, at);
    if (begin - end > farthest) break;
    const gap = scan.text.slice(end, beginOf(scan, at + 1));
    if (gap.includes("\n") && !/:\s*$/.test(gap)) break;
    const text = scan.text.slice(Math.max(beginOf(scan, at), end - 60), end);
    const words = wordsOf(text);
    if (!decided && words.some((word) => notSecret.has(word))) decided = true;
    else if (!decided && mayBeKey(scan.units, beginOf(scan, at), end) && kindOfKey(text) !== null) {
      found.credential = true;
      decided = true;
    }
    for (const word of [text.toLowerCase(), words.join(""), ...words]) {
      for (const rule of keywords.get(word) ?? []) if (!found.rules.includes(rule)) found.rules.push(rule);
    }
  }
  return found;
}
