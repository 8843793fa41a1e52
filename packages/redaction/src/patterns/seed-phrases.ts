import { validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { beginOf, endOf, hit, leaveOpen, type Scan, spend } from "./scan.ts";

const words = new Set(wordlist);
const lengths = [24, 21, 18, 15, 12];
export const shortestPhrase = 12;
/** More words of the list in a row are the list. */
const longestRun = 27;

const wordAt = (scan: Scan, token: number): string => scan.text.slice(beginOf(scan, token), endOf(scan, token));
/** Blanks, line breaks and commas join the words of a phrase; a colon stands before it. */
const joins = (scan: Scan, token: number): boolean =>
  /^[\s,]{1,2}$/.test(scan.text.slice(endOf(scan, token - 1), beginOf(scan, token)));

/** BIP 39, English list. `token` ends twelve short lower-case words in a row. Returns how many of them still count. */
export function findSeedPhrase(scan: Scan, token: number): number {
  if (token <= scan.seen.phrase) return 0;
  let first = token;
  while (first > token - shortestPhrase + 1 && words.has(wordAt(scan, first)) && joins(scan, first)) first -= 1;
  if (first > token - shortestPhrase + 1 || !words.has(wordAt(scan, first))) return token - first;
  let last = token;
  while (last + 1 < scan.count && joins(scan, last + 1) && words.has(wordAt(scan, last + 1))) last += 1;
  scan.seen.phrase = last;
  spend(scan, endOf(scan, last) - beginOf(scan, first));
  if (last + 1 >= scan.count) leaveOpen(scan, beginOf(scan, first));
  const all = Array.from({ length: Math.min(last - first + 1, longestRun + 1) }, (_, at) => wordAt(scan, first + at));
  if (all.length > longestRun) return 0;
  const from = lengths
    .filter((length) => length <= all.length)
    .flatMap((length) => [all.length - length, 0].map((at) => ({ at, length })))
    .find(({ at, length }) => validateMnemonic(all.slice(at, at + length).join(" "), wordlist));
  if (from) hit(scan, beginOf(scan, first + from.at), endOf(scan, last), "seed-phrase");
  return 0;
}

/** A phrase that the end of the text may have cut: all listed words before the last token, which may be half a word. */
export function leavePhraseOpen(scan: Scan): void {
  const last = scan.count - 1;
  if (last < 0 || scan.length - endOf(scan, last) > 2) return;
  let first = last;
  while (first > 0 && first > last - longestRun && joins(scan, first) && words.has(wordAt(scan, first - 1))) first -= 1;
  if (first < last || words.has(wordAt(scan, last))) leaveOpen(scan, beginOf(scan, first));
}
