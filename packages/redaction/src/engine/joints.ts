import { isInvisible } from "./invisible.ts";

export const plusSign = 0x2b;
/** What may stand between two parts of a string that was cut: space, quotes and what joins them. */
const joints = new Set(Array.from(" \t\r\n\"'`\\+.,", (sign) => sign.charCodeAt(0)));
const quotes = new Set(Array.from("\"'`", (sign) => sign.charCodeAt(0)));
const space = new Set(Array.from(" \t\r\n", (sign) => sign.charCodeAt(0)));

export const isJoint = (units: Uint16Array, at: number): boolean =>
  at >= 0 && at < units.length && (isInvisible(units, at) || joints.has(units[at] ?? 0));

/**
 * Whether the sign at `at` has a quote on each side, with nothing but space between: it is no part of either string.
 * Where the text ends behind it the other quote may be to come.
 */
export function joinsStrings(units: Uint16Array, at: number): boolean {
  let before = at - 1;
  while (space.has(units[before] ?? 0)) before -= 1;
  let after = at + 1;
  while (space.has(units[after] ?? 0)) after += 1;
  return quotes.has(units[before] ?? 0) && (after >= units.length || quotes.has(units[after] ?? 0));
}
