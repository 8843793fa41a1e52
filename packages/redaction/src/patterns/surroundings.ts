import type { CompiledRule } from "./compiled-rules.ts";
import { kindOfKey, mayBeKey } from "./key-names.ts";
import { beginOf, endOf, maskOf, type Scan } from "./scan.ts";
import { digit } from "./token-table.ts";
import { wordsOf } from "./words.ts";

/** What stands shortly before a token that may be a secret. */
export interface Surroundings {
  /** The nearest word that tells: it names a credential, may name one, or names what only looks like one. */
  tells: "credential" | "weak" | "identifier" | null;
  /** Rules of the vendors that are named, nearest first. */
  rules: CompiledRule[];
}

const farthest = 90;
const mostTokens = 9;
/** What such a word announces looks random and is none of anybody's secrets. */
const notSecret = new Set(
  (
    "sha sha1 sha256 sha384 sha512 md5 hash hashes commit commits digest etag checksum integrity uuid guid revision rev " +
    "nonce fingerprint trace span blob tree build image layer container id ids public challenge digestvalue"
  ).split(" "),
);

/** Looks at nine tokens and 90 units at most, on the same line or on the one before if that ends with a colon. */
export function surroundingsOf(scan: Scan, token: number, keywords: ReadonlyMap<string, CompiledRule[]>): Surroundings {
  const found: Surroundings = { tells: null, rules: [] };
  const begin = beginOf(scan, token);
  const path = scan.text.slice(begin, Math.min(endOf(scan, token), begin + farthest));
  if (path.includes("/") && wordsOf(path.slice(0, path.lastIndexOf("/"))).some((word) => notSecret.has(word))) {
    return { tells: "identifier", rules: [] };
  }
  for (let at = token - 1; at >= 0 && at >= token - mostTokens; at -= 1) {
    const end = endOf(scan, at);
    if (begin - end > farthest) break;
    const gap = scan.text.slice(end, beginOf(scan, at + 1));
    if (gap.includes("\n") && !/:\s*$/.test(gap)) break;
    // Other random tokens have no words in them.
    if (end - beginOf(scan, at) > 14 && (maskOf(scan, at) & digit) !== 0) continue;
    const text = scan.text.slice(Math.max(beginOf(scan, at), end - 60), end);
    const words = wordsOf(text);
    const kind = found.tells === null && mayBeKey(scan.units, beginOf(scan, at), end) ? kindOfKey(text) : null;
    if (kind !== null) found.tells = kind === "weak" ? "weak" : "credential";
    else if (found.tells === null && words.some((word) => notSecret.has(word))) found.tells = "identifier";
    for (const word of [text.toLowerCase(), words.join(""), ...words.filter((word) => word.length > 2)]) {
      for (const rule of keywords.get(word) ?? []) if (!found.rules.includes(rule)) found.rules.push(rule);
    }
  }
  found.rules = found.rules.filter(
    ({ everyday }) => !everyday || found.tells === "credential" || found.tells === "weak",
  );
  return found;
}
