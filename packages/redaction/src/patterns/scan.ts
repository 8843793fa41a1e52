import type { PatternSpan } from "./rule.ts";
import type { TokenTable } from "./token-table.ts";

/** One look at a text: the recognisers write down what they found and what the next piece of the text may complete. */
export interface Scan extends TokenTable {
  length: number;
  found: PatternSpan[];
  /** Where the first candidate begins that touches the end of the text; `length` if there is none. */
  open: number;
  /** Where the body of a private key begins that is certain and not over yet; -1 if there is none. */
  openBlock: number;
  /** Units that the recognisers looked at, by which a test holds them to linear time. */
  steps: number;
  /** What was looked at already, so that names inside a value do not make it a value again. */
  seen: Seen;
}

/** Stretches that one look decided; a second look from inside them comes to the same. */
export interface Seen {
  /** The last bare value: a value that begins inside it ends where it ends. */
  bareFrom: number;
  bareTo: number;
  /** From `quoteFrom` to `quoteTo` there is no end for a value in quotes of kind `quote`. */
  quote: number;
  quoteFrom: number;
  quoteTo: number;
  /** Headers up to here are done. */
  header: number;
  /** Words up to this token are no phrase, or one that was found. */
  phrase: number;
}

export const nothingSeen = (): Seen => ({
  bareFrom: -1,
  bareTo: -1,
  quote: 0,
  quoteFrom: -1,
  quoteTo: -1,
  header: -1,
  phrase: -1,
});

export function hit(scan: Scan, begin: number, end: number, rule: string): void {
  scan.found.push({ begin, end, rule });
}

/** A recogniser looked at so many units. */
export function spend(scan: Scan, units: number): void {
  scan.steps += units;
}

/** More text may turn what begins here into a hit, or into a longer one. */
export function leaveOpen(scan: Scan, begin: number): void {
  if (begin < scan.open) scan.open = begin;
}

export const beginOf = (scan: Scan, token: number): number => scan.bounds[2 * token] as number;
export const endOf = (scan: Scan, token: number): number => scan.bounds[2 * token + 1] as number;
export const maskOf = (scan: Scan, token: number): number => scan.masks[2 * token + 1] as number;
export const unitAt = (scan: Scan, at: number): number => scan.units[at] as number;

export const isBlank = (unit: number): boolean => unit === 32 || unit === 9;
export const isSpace = (unit: number): boolean => unit === 32 || (unit >= 9 && unit <= 13);
/** `"`, `'`, `` ` ``. */
export const isQuote = (unit: number): boolean => unit === 34 || unit === 39 || unit === 96;
export const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57;
/** What tokens are made of. */
export const isTokenUnit = (unit: number): boolean =>
  (unit >= 97 && unit <= 122) ||
  (unit >= 65 && unit <= 90) ||
  isDigit(unit) ||
  unit === 95 ||
  unit === 45 ||
  unit === 43 ||
  unit === 47 ||
  unit === 126;
