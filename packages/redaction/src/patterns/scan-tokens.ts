import { findAssigned, findAttribute, findSpoken } from "./assignments.ts";
import { findUserOption, isUserOption } from "./command-line.ts";
import type { RuleIndex } from "./compiled-rules.ts";
import { mayBeKey } from "./key-names.ts";
import { findInToken } from "./long-tokens.ts";
import { findCard, findIban } from "./numbers.ts";
import { findPemKeys, findPuttyKeys } from "./pem.ts";
import { endOf, maskOf, type Scan } from "./scan.ts";
import { findSeedPhrase, shortestPhrase } from "./seed-phrases.ts";
import { dash, digit, lettersOf, notLower } from "./token-table.ts";
import { findInPath, findUserinfo } from "./urls.ts";

/** Bit 0: may follow the name of something that gets a value. Bit 1: a blank. Bit 2: follows a blank after such a name. */
const follows = new Uint8Array(0x10000);
for (const unit of "\"'`]\\()") follows[unit.charCodeAt(0)] = 1;
for (const unit of "=:>|") follows[unit.charCodeAt(0)] = 5;
for (const unit of " \t") follows[unit.charCodeAt(0)] = 6;

const letters = 0x3ffffff;
const kinds = 0x7fffffff;
const pass = lettersOf("pas");
const value = lettersOf("value");
const longToken = 15;

/** 1 if `number` is negative, else 0; 1 if it is zero, else 0: comparisons without a branch. */
const negative = (number: number): number => number >>> 31;
const zero = (number: number): number => ((number | -number) >>> 31) ^ 1;

/**
 * Hands each token to the recognisers that it may be a matter of. What decides that is computed without branches, as
 * most tokens are none's and which ones cannot be predicted.
 */
export function scanTokens(scan: Scan, rules: RuleIndex): void {
  const { bounds, masks, units, count } = scan;
  const seen = { pem: false, putty: false };
  let lowerWords = 0;
  let lastEnd = -9;
  for (let token = 0; token < count; token += 1) {
    const begin = bounds[2 * token] as number;
    const end = bounds[2 * token + 1] as number;
    const mask = masks[2 * token + 1] as number;
    const length = end - begin;
    const follow = follows[units[end] as number] as number;
    const afterBlank =
      (follow >>> 1) & (((follows[units[end + 1] as number] as number) >>> 2) | zero((mask & pass) ^ pass));
    const option = (follow >>> 1) & zero((units[begin] as number) ^ 45);
    const long = negative(longToken - 1 - length) & ((mask >>> 26) | (mask >>> 27));
    const number = zero((mask & kinds & ~dash) ^ digit) & negative(3 - length);
    const iban = (mask >>> 26) & (mask >>> 27) & negative(3 - length);
    const word = negative(-(mask & notLower) | (length - 3) | (8 - length) | (lastEnd + 2 - begin)) ^ 1;
    lowerWords = (lowerWords + 1) & -word;
    lastEnd = end;
    const phrase = negative(shortestPhrase - 2 - lowerWords);
    if ((((follow | afterBlank | option | long | number | iban) & 1) | phrase) === 0) continue;
    if ((long & 1) === 1) findInToken(scan, token, rules);
    if ((number & 1) === 1) findCard(scan, token);
    else if ((iban & 1) === 1) findIban(scan, token);
    if (phrase === 1) lowerWords = findSeedPhrase(scan, token);
    if ((follow & 1) === 1) operatorFollows(scan, rules, begin, token, seen);
    else if ((follow & 2) === 2) blankFollows(scan, begin, end, mask, token, seen);
  }
  if (seen.pem) findPemKeys(scan);
  if (seen.putty) findPuttyKeys(scan);
}

interface Seen {
  pem: boolean;
  putty: boolean;
}

/** `name=`, `"name"`, `scheme://`. */
function operatorFollows(scan: Scan, rules: RuleIndex, begin: number, token: number, seen: Seen): void {
  const { units } = scan;
  const end = endOf(scan, token);
  const mask = maskOf(scan, token);
  if (units[end] === 58 && units[end + 1] === 47 && units[end + 2] === 47) {
    findUserinfo(scan, end + 1);
    findInPath(scan, end + 1, rules);
  } else if (mayBeKey(units, begin, end)) findAssigned(scan, token);
  else if ((mask & letters) === value && end - begin === 5) findAttribute(scan, token);
  else if (units[end] === 58 && end - begin === 13 && scan.text.startsWith("Private-Lines", begin)) seen.putty = true;
}

/** `name : value`, `name = value`, `--name value`, `password value`, `-u user:password`, `-----BEGIN `. */
function blankFollows(scan: Scan, begin: number, end: number, mask: number, token: number, seen: Seen): void {
  const { units } = scan;
  const option = units[begin] === 45;
  if (option && end - begin >= 10 && units[begin + 4] === 45) seen.pem = true;
  if (option && end - begin <= 12 && isUserOption(scan, token)) findUserOption(scan, token);
  else if ((follows[units[end + 1] as number] as number) >>> 2 === 1 && mayBeKey(units, begin, end))
    findAssigned(scan, token);
  if ((option || (mask & pass) === pass) && mayBeKey(units, begin, end)) findSpoken(scan, token);
}
