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
  /** All units are hexadecimal digits of one case. */
  hex: boolean;
  /**
   * Evidence that the stretch was drawn at random from its alphabet and not written by a person, in bits: log-likelihood
   * of the draw minus that of the token model. Names lie below 0, random tokens of 20 units above 20.
   */
  evidence: number;
}

const longest = 512;

/** Evidence counts a link of two letters or digits only; separators say nothing. Looks at 512 units at most. */
export function shapeOf(units: Uint16Array, begin: number, end: number): Shape {
  const until = Math.min(end, begin + longest);
  let lower = 0;
  let upper = 0;
  let digits = 0;
  let lowerHex = 0;
  let upperHex = 0;
  let links = 0;
  let bits = 0;
  let before = 63;
  for (let at = begin; at < until; at += 1) {
    const unit = units[at] as number;
    const symbol = unit < 128 ? (symbols[unit] as number) : 63;
    if (symbol < 26) {
      lower += 1;
      if (symbol < 6) lowerHex += 1;
    } else if (symbol < 52) {
      upper += 1;
      if (symbol < 32) upperHex += 1;
    } else if (symbol < 62) digits += 1;
    if (before < 62 && symbol < 62) {
      links += 1;
      bits += surprise[before * 64 + symbol] as number;
    }
    before = symbol;
  }
  const length = until - begin;
  const hex = lowerHex + digits === length || upperHex + digits === length;
  const alphabet = hex ? 16 : (lower > 0 ? 26 : 0) + (upper > 0 ? 26 : 0) + (digits > 0 ? 10 : 0);
  const evidence = links === 0 ? 0 : bits / 4 - links * Math.log2(alphabet);
  return { length: end - begin, lower, upper, digits, others: length - lower - upper - digits, hex, evidence };
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
