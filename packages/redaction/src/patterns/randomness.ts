import { tokenModel } from "./token-model.ts";

/** a-z, A-Z, 0-9, separators `_ -`, everything else: the row and column of a code unit in the token model. */
export function symbolOf(unit: number): number {
  if (unit >= 97 && unit <= 122) return unit - 97;
  if (unit >= 65 && unit <= 90) return unit - 39;
  if (unit >= 48 && unit <= 57) return unit + 4;
  return unit === 95 || unit === 45 ? 62 : 63;
}

const symbols = Uint8Array.from({ length: 128 }, (_, unit) => symbolOf(unit));
const surprise = Float64Array.from(tokenModel.join(""), (value) => symbolOf(value.charCodeAt(0)));

/** What a stretch of units is made of. */
export interface Shape {
  length: number;
  lower: number;
  upper: number;
  digits: number;
  others: number;
  /** All units are hexadecimal digits of one case, or dashes between them. */
  hex: boolean;
  /** Hexadecimal digits of one case, with digits among them, in the longest run; dashes do not end it. */
  hexRun: number;
  /**
   * Evidence that the stretch was drawn at random from its alphabet and not written by a person, in bits: log-likelihood
   * of the draw minus that of the token model. Names lie below 0, random tokens of 20 units above 20.
   */
  evidence: number;
}

const longest = 512;

/** Longest run of hexadecimal digits in lower or in upper case that has a digit in it. */
function longestHexRun(units: Uint16Array, begin: number, end: number): number {
  let most = 0;
  let run = 0;
  let digits = 0;
  let letters = 0;
  for (let at = begin; at <= end; at += 1) {
    const unit = at < end ? (units[at] as number) : 0;
    const isDigit = unit >= 48 && unit <= 57;
    const kind = unit >= 97 && unit <= 102 ? 1 : unit >= 65 && unit <= 70 ? 2 : 0;
    if (unit === 45) continue;
    if (!isDigit && (kind === 0 || (letters !== 0 && letters !== kind))) {
      if (digits > 0) most = Math.max(most, run);
      run = 0;
      digits = 0;
      letters = 0;
      if (kind === 0) continue;
    }
    run += 1;
    digits += isDigit ? 1 : 0;
    letters = kind === 0 ? letters : kind;
  }
  return most;
}

/** Evidence counts links of two different letters or digits; separators and repetitions (`xxxx`) say nothing. Looks at 512 units at most. */
export function shapeOf(units: Uint16Array, begin: number, end: number): Shape {
  const until = Math.min(end, begin + longest);
  let lower = 0;
  let upper = 0;
  let digits = 0;
  let dashes = 0;
  let links = 0;
  let bits = 0;
  let before = 63;
  for (let at = begin; at < until; at += 1) {
    const unit = units[at] as number;
    const symbol = unit < 128 ? (symbols[unit] as number) : 63;
    if (symbol < 26) lower += 1;
    else if (symbol < 52) upper += 1;
    else if (symbol < 62) digits += 1;
    else if (unit === 45) dashes += 1;
    if (before < 62 && symbol < 62 && symbol !== before) {
      links += 1;
      bits += surprise[before * 64 + symbol] as number;
    }
    before = symbol;
  }
  const length = until - begin;
  const hexRun = digits > 0 ? longestHexRun(units, begin, until) : 0;
  const hex = hexRun + dashes === length;
  const alphabet = hex ? 16 : (lower > 0 ? 26 : 0) + (upper > 0 ? 26 : 0) + (digits > 0 ? 10 : 0);
  const evidence = links === 0 ? 0 : bits / 4 - links * Math.log2(alphabet);
  const others = length - lower - upper - digits;
  return { length: end - begin, lower, upper, digits, others, hex, hexRun, evidence };
}

/** `evidence` of a text of its own. */
export const evidenceOf = (text: string): number =>
  shapeOf(
    Uint16Array.from(text, (letter) => letter.charCodeAt(0)),
    0,
    text.length,
  ).evidence;

/** Shannon entropy of a text, in bits per unit. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / text.length) * Math.log2(count / text.length);
  return entropy;
}
