import { findAssigned, findAttribute, findSpoken } from "./assignments.ts";
import { findUserOption, isUserOption } from "./command-line.ts";
import type { RuleIndex } from "./compiled-rules.ts";
import { mayBeKey } from "./key-names.ts";
import { findInToken } from "./long-tokens.ts";
import { findCard, findIban } from "./numbers.ts";
import type { Scan } from "./scan.ts";
import { findSeedPhrase, shortestPhrase } from "./seed-phrases.ts";
import { dash, digit, lettersOf, notLower, upper } from "./token-table.ts";
import { findUserinfo } from "./urls.ts";

/** What may follow the name of something that gets a value: quotes, brackets, operators, a backslash. */
const follows = new Uint8Array(0x10000);
for (const unit of "\"'`=:>|])\\(") follows[unit.charCodeAt(0)] = 1;
const blank = 2;
follows[32] = blank;
follows[9] = blank;

const letters = 0x3ffffff;
const pass = lettersOf("pas");
const value = lettersOf("value");

/**
 * Hands each token to the recognisers that it may be a matter of. Most are none's: two or three comparisons a token,
 * which the processor predicts.
 */
export function scanTokens(scan: Scan, rules: RuleIndex): void {
  const { bounds, masks, units, count } = scan;
  let lowerWords = 0;
  let lastEnd = -2;
  for (let token = 0; token < count; token += 1) {
    const begin = bounds[2 * token] as number;
    const end = bounds[2 * token + 1] as number;
    const mask = masks[2 * token + 1] as number;
    const length = end - begin;
    if (length > 14 && (mask & (digit | upper)) !== 0) findInToken(scan, token, rules);
    const after = units[end] as number;
    const follow = follows[after] as number;
    if (follow === 1) {
      if (after === 58 && units[end + 1] === 47 && units[end + 2] === 47) findUserinfo(scan, end + 1);
      else if (mayBeKey(mask)) findAssigned(scan, token);
      else if ((mask & letters) === value && length === 5) findAttribute(scan, token);
    } else if (follow === blank) blankFollows(scan, token, mask, length);
    if ((mask & ~(digit | dash)) === 1 << 31 && (mask & digit) !== 0 && length >= 4) findCard(scan, token);
    else if (length >= 4 && (mask & (digit | upper)) === (digit | upper) && isIbanStart(units, begin))
      findIban(scan, token);
    const joined = begin - lastEnd <= 2;
    lastEnd = end;
    if ((mask & notLower) !== 0 || length < 3 || length > 8) lowerWords = 0;
    else lowerWords = joined ? lowerWords + 1 : 1;
    if (lowerWords >= shortestPhrase) lowerWords = findSeedPhrase(scan, token);
  }
}

/** `name : value`, `name = value`, `--name value`, `password value`, `-u user:password`. */
function blankFollows(scan: Scan, token: number, mask: number, length: number): void {
  const { units, bounds } = scan;
  const end = bounds[2 * token + 1] as number;
  const next = units[end + 1] as number;
  const option = units[bounds[2 * token] as number] === 45;
  if (option && length <= 12 && isUserOption(scan, token)) findUserOption(scan, token);
  else if (next === 61 || next === 58 || next === 124 || next === 32) {
    if (mayBeKey(mask)) findAssigned(scan, token);
  }
  if ((option || (mask & pass) === pass) && mayBeKey(mask)) findSpoken(scan, token);
}

/** Two capitals and two digits. */
function isIbanStart(units: Uint16Array, begin: number): boolean {
  const [first = 0, second = 0, third = 0, fourth = 0] = units.subarray(begin, begin + 4);
  return (
    first >= 65 &&
    first <= 90 &&
    second >= 65 &&
    second <= 90 &&
    third >= 48 &&
    third <= 57 &&
    fourth >= 48 &&
    fourth <= 57
  );
}
