import { isJoint, joinsStrings, plusSign } from "./joints.ts";
import type { Matcher } from "./matcher.ts";
import { symbolString } from "./symbol-string.ts";
import type { SymbolTables } from "./symbols.ts";
import type { Match } from "./text-reading.ts";

type Step = 1 | -1;

const jointMax = 160;
const signsOfBase64 = new Set(Array.from("+/-_＋／－＿", (sign) => sign.charCodeAt(0)));
const equalsSigns = new Set(Array.from("=＝", (sign) => sign.charCodeAt(0)));
const urlAlphabet: Record<string, string> = { "+": "-", "/": "_" };
const percentSign = 0x25;
const backslash = 0x5c;
const escapedSigns = new Set([0x22, 0x2f, backslash]);

const isSame = (unit: number, sign: string): boolean =>
  unit === sign.charCodeAt(0) ||
  unit === urlAlphabet[sign]?.charCodeAt(0) ||
  // Full width is ASCII plus this (Unicode, Halfwidth and Fullwidth Forms).
  (unit >= 0xff01 && unit <= 0xff5e && unit - 0xfee0 === sign.charCodeAt(0));

/** Where the unit next to the border `at` is, in the direction of `step`. */
const beside = (at: number, step: Step): number => (step === 1 ? at : at - 1);

/** How far `signs` go on from the border `at`; what joins parts or is invisible is passed over. */
function follow(units: Uint16Array, at: number, signs: string, step: Step): number {
  let reached = at;
  for (let index = 0; index < signs.length; index += 1) {
    const sign = signs.charAt(step === 1 ? index : signs.length - 1 - index);
    let next = reached;
    const isSign = () => isSame(units[beside(next, step)] ?? -1, sign);
    while (!isSign() && isJoint(units, beside(next, step)) && Math.abs(next - reached) < jointMax) next += step;
    if (isSign()) reached = next + step;
    else if (sign.trim() !== "") break;
  }
  return reached;
}

/** A plus sign is a digit of base64, unless it joins strings. */
const isBetweenDigits = (units: Uint16Array, at: number): boolean =>
  isJoint(units, at) && (units[at] !== plusSign || joinsStrings(units, at));

/** The border behind one more base64 digit, if there is one. */
function pastDigit(units: Uint16Array, tables: SymbolTables, at: number, step: Step, isCut: boolean): number {
  let next = at;
  let isJoined = isCut;
  while (isBetweenDigits(units, beside(next, step)) && Math.abs(next - at) < jointMax) {
    isJoined ||= /["'`\\]/.test(String.fromCharCode(units[beside(next, step)] ?? 0));
    next += step;
  }
  if (!isJoined) next = at;
  const unit = units[beside(next, step)] ?? 0;
  if (signsOfBase64.has(unit)) return next + step;
  if (unit >= 0xd800 && unit <= 0xdfff) {
    const high = step === 1 ? unit : (units[next - 2] ?? 0);
    const low = step === 1 ? (units[next + 1] ?? 0) : unit;
    const symbols = tables.symbolsOf(0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff));
    return symbols.length === 1 && (symbols[0] ?? 0) < 0x80 ? next + 2 * step : at;
  }
  const symbol = tables.units[unit] ?? 0;
  return symbol > 1 && symbol < 0x80 ? next + step : at;
}

/** The signs of the secret itself on both sides of the symbols that matched. */
function signsAround({ facts, from, to }: Match, tables: SymbolTables): { before: string; after: string } {
  const whole = { before: from === 0, after: to === facts.symbols };
  if (facts.literal === null || (whole.before && whole.after)) {
    return { before: whole.before ? facts.lead : "", after: whole.after ? facts.trail : "" };
  }
  const places = symbolString(tables, facts.literal).from;
  const width = (at: number) => ((facts.literal?.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
  const before = places[from - 1];
  const last = places[to - 1] ?? 0;
  return {
    before: facts.literal.slice(before === undefined ? 0 : before + width(before), places[from]),
    after: facts.literal.slice(last + width(last), places[to]),
  };
}

/** Adds what belongs to the secret on both sides of a match: signs of its own, shared base64 digits, padding. */
export function widenMatch(units: Uint16Array, match: Match, matcher: Matcher): { begin: number; end: number } {
  const { facts, from, to } = match;
  const { tables } = matcher.core;
  const signs = signsAround(match, tables);
  let begin = follow(units, match.begin, signs.before, -1);
  let end = follow(units, match.end, signs.after, 1);
  if (facts.base64) {
    // A blank before the next digit is passed over only where the others do not stand together either.
    const isCut = match.end - match.begin > to - from;
    if (facts.sharesBefore || from > 0) begin = pastDigit(units, tables, begin, -1, isCut);
    if (facts.sharesAfter || to < facts.symbols) end = pastDigit(units, tables, end, 1, isCut);
    for (let padding = 0; padding < 2 && equalsSigns.has(units[end] ?? 0); padding += 1) end += 1;
  }
  if (units[begin - 1] === percentSign) begin -= 1;
  // The backslashes that a quote or a backslash is escaped with.
  if (escapedSigns.has(units[begin] ?? 0)) while (units[begin - 1] === backslash) begin -= 1;
  return { begin, end };
}
