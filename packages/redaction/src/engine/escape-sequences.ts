import { isInvisible } from "./invisible.ts";

/** What one escape sequence stands for. `bytes` are parts of UTF-8, to be read together with those that follow. */
export interface Escape {
  begin: number;
  end: number;
  bytes?: number[];
  codePoint?: number;
  /** Where reading goes on, if what follows `end` only separates escapes of a list. */
  next?: number;
  /** Backslashes that stand before it in the text that is meant. */
  backslashes?: number;
}

const hexValue = (unit: number): number => {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const small = unit | 0x20;
  return small >= 0x61 && small <= 0x66 ? small - 0x57 : -1;
};

/** Number of hex digits from `at` on, `max` at the most. */
function hexDigits(units: Uint16Array, at: number, max: number): number {
  let count = 0;
  while (count < max && hexValue(units[at + count] ?? 0) >= 0) count += 1;
  return count;
}

function readNumber(units: Uint16Array, at: number, digits: number, base: number): number {
  let value = 0;
  for (let index = 0; index < digits; index += 1) value = value * base + Math.max(0, hexValue(units[at + index] ?? 0));
  return value;
}

const character = (begin: number, end: number, codePoint: number): Escape | null =>
  codePoint <= 0x10ffff ? { begin, end, codePoint } : null;

/** Whether what stands there may have been encoded more than once. */
export function isEncodedAgain(units: Uint16Array, at: number): boolean {
  if (units[at] === 0x5c) return units[at - 1] === 0x5c;
  const isPercent = units[at] === 0x25 && units[at + 1] === 0x32 && units[at + 2] === 0x35;
  return isPercent && hexDigits(units, at + 3, 2) === 2;
}

/** `%41`, also as `%2541` however often encoded (or once, if `once` says so), and `%u0041`. */
function percentAt(units: Uint16Array, at: number, once: boolean): Escape | null {
  let digits = at + 1;
  const isEscapedAgain = () =>
    !once && units[digits] === 0x32 && units[digits + 1] === 0x35 && hexDigits(units, digits + 2, 2) === 2;
  while (isEscapedAgain()) digits += 2;
  if (hexDigits(units, digits, 2) === 2) {
    return { begin: at, end: digits + 2, bytes: [readNumber(units, digits, 2, 16)] };
  }
  const isU = ((units[at + 1] ?? 0) | 0x20) === 0x75;
  return isU && hexDigits(units, at + 2, 4) === 4 ? character(at, at + 6, readNumber(units, at + 2, 4, 16)) : null;
}

const controls: Record<string, number> = { a: 7, b: 8, e: 0x1b, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** `{41}` behind `\u` or `\x`. */
function bracedAt(units: Uint16Array, begin: number, brace: number): Escape | null {
  const digits = hexDigits(units, brace + 1, 8);
  if (digits === 0 || units[brace + 1 + digits] !== 0x7d) return null;
  return character(begin, brace + digits + 2, readNumber(units, brace + 1, digits, 16));
}

function numberedAt(units: Uint16Array, begin: number, letter: number): Escape | null {
  const kind = String.fromCharCode(units[letter] ?? 0);
  if (units[letter + 1] === 0x7b) return bracedAt(units, begin, letter + 1);
  const digits = hexDigits(units, letter + 1, 8);
  if (kind === "x") {
    return digits < 2 ? null : { begin, end: letter + 3, bytes: [readNumber(units, letter + 1, 2, 16)] };
  }
  const used = kind === "U" && digits === 8 ? 8 : 4;
  return digits < 4 ? null : character(begin, letter + 1 + used, readNumber(units, letter + 1, used, 16));
}

/** What stands behind a backslash at `at`, or null where it stands for itself. */
function behindBackslash(units: Uint16Array, at: number): Escape | null {
  const next = at + 1;
  const unit = units[next] ?? 0;
  const letter = String.fromCharCode(unit);
  if (/[uUx]/.test(letter)) return numberedAt(units, at, next);
  if (/[0-7]/.test(letter)) {
    let digits = 1;
    // Three, or one zero: a shorter one may be cut short by an escape inside it.
    while (digits < 3 && /[0-7]/.test(String.fromCharCode(units[next + digits] ?? 0))) digits += 1;
    if (digits < 3 && unit !== 0x30) return null;
    return { begin: at, end: next + digits, bytes: [readNumber(units, next, digits, 8) & 255] };
  }
  const control = controls[letter];
  if (control !== undefined) return { begin: at, end: next + 1, codePoint: control };
  return unit === 0x22 || unit === 0x2f ? { begin: at, end: next + 1, codePoint: unit } : null;
}

/**
 * Any number of backslashes count as one: text that is JSON in JSON needs no second reading. With `once`, two of them are
 * one backslash, as JSON has it. `at` is the last of them.
 */
function backslashAt(units: Uint16Array, at: number, once: boolean): Escape | null {
  let begin = at;
  while (units[begin - 1] === 0x5c) begin -= 1;
  const count = at - begin + 1;
  if (once && count % 2 === 0) return { begin, end: at + 1, backslashes: count / 2 };
  const found = behindBackslash(units, at);
  return found && { ...found, begin, backslashes: once ? (count - 1) / 2 : 0 };
}

const named: Record<string, number> = { amp: 0x26, lt: 0x3c, gt: 0x3e, quot: 0x22, apos: 0x27, nbsp: 0xa0 };

/** `&#65;`, `&#x41;`, `&amp;`, also as `&amp;#65;`; accented letters by their first letter, other names as a space. */
function entityAt(units: Uint16Array, at: number): Escape | null {
  const text = String.fromCharCode(...units.subarray(at, at + 48));
  const number = /^&(?:amp;)*#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,9}))(?:;|(?![0-9a-fA-F%\\&]))/.exec(text);
  if (number) {
    const value = number[1] ? Number.parseInt(number[1], 16) : Number(number[2]);
    return character(at, at + number[0].length, value);
  }
  const name = /^&(?:amp;)*([A-Za-z][A-Za-z0-9]{1,30});/.exec(text);
  if (!name?.[1]) return null;
  const accented = /^([A-Za-z])(?:uml|acute|grave|circ|tilde|ring|cedil|caron|slash)$/.exec(name[1]);
  const sign = named[name[1]] ?? accented?.[1]?.charCodeAt(0) ?? 0x20;
  return { begin: at, end: at + name[0].length, codePoint: sign };
}

/** `=41`, of quoted-printable (RFC 2045 §6.7), and the equals sign that hides the end of a line. */
function quotedAt(units: Uint16Array, at: number): Escape | null {
  const next = units[at + 1] ?? 0;
  if (next === 0x0a) return { begin: at, end: at + 2 };
  if (next === 0x0d) return { begin: at, end: units[at + 2] === 0x0a ? at + 3 : at + 2 };
  return hexDigits(units, at + 1, 2) === 2
    ? { begin: at, end: at + 3, bytes: [readNumber(units, at + 1, 2, 16)] }
    : null;
}

const listSpaceMax = 40;
const isListSpace = (units: Uint16Array, at: number): boolean =>
  isInvisible(units, at) || /[\s,;"'`+.\\]/.test(String.fromCharCode(units[at] ?? 0));

/** Whether nothing follows `at` but what may stand between the escapes of a list. */
export function isListSpaceOnly(units: Uint16Array, at: number): boolean {
  let next = at;
  while (next < units.length && next < at + listSpaceMax && isListSpace(units, next)) next += 1;
  return next >= units.length;
}

/**
 * Where the next of a list of escapes begins, if `at` is behind one and another follows that `opens` knows: what stands
 * between them is no part of the text. Otherwise `at`.
 */
function nextOfList(units: Uint16Array, at: number, opens: (at: number) => boolean): number {
  let next = at;
  while (next < at + listSpaceMax && isListSpace(units, next)) next += 1;
  return opens(next) || next >= units.length ? next : at;
}

/** `U+0041`; five or six digits where no other number can follow. `at` is the plus sign. */
function codePointAt(units: Uint16Array, at: number): Escape | null {
  const digits = hexDigits(units, at + 1, 8);
  const used = digits === 5 || digits === 6 ? digits : 4;
  if (digits < 4) return null;
  const next = nextOfList(
    units,
    at + 1 + used,
    (place) =>
      ((units[place] ?? 0) | 0x20) === 0x75 && units[place + 1] === 0x2b && hexDigits(units, place + 2, 4) === 4,
  );
  const found = character(at - 1, at + 1 + used, readNumber(units, at + 1, used, 16));
  return found && { ...found, next };
}

/** `0x41`, and `0x41424344` as the bytes it is made of. `at` is the x. */
function hexNumberAt(units: Uint16Array, at: number): Escape | null {
  const digits = hexDigits(units, at + 1, 64) & ~1;
  if (digits === 0) return null;
  const bytes = Array.from({ length: digits / 2 }, (_, index) => readNumber(units, at + 1 + 2 * index, 2, 16));
  const next = nextOfList(
    units,
    at + 1 + digits,
    (place) =>
      units[place] === 0x30 && ((units[place + 1] ?? 0) | 0x20) === 0x78 && hexDigits(units, place + 2, 2) === 2,
  );
  return { begin: at - 1, end: at + 1 + digits, next, bytes };
}

/** A terminal's control sequence (ECMA-48 §5.4, and operating system commands), which stands for nothing. */
function terminalAt(units: Uint16Array, at: number): Escape | null {
  const next = units[at] === 0x9b ? 0x5b : (units[at + 1] ?? 0);
  let end = units[at] === 0x9b ? at + 1 : at + 2;
  if (next === 0x5b) {
    while (end < at + 64 && (units[end] ?? 0) >= 0x20 && (units[end] ?? 0) <= 0x3f) end += 1;
    return { begin: at, end: end + 1 };
  }
  if (next === 0x5d || next === 0x50 || next === 0x58 || next === 0x5e || next === 0x5f) {
    while (end < at + 512 && end < units.length && units[end] !== 7 && units[end] !== 0x1b) end += 1;
    return { begin: at, end: units[end] === 0x1b ? end + 2 : end + 1 };
  }
  while ((units[end - 1] ?? 0) >= 0x20 && (units[end - 1] ?? 0) <= 0x2f && end < at + 8) end += 1;
  return { begin: at, end };
}

const readers: Record<number, (units: Uint16Array, at: number, once: boolean) => Escape | null> = {
  37: percentAt,
  92: backslashAt,
  38: entityAt,
  61: quotedAt,
  43: codePointAt,
  120: hexNumberAt,
  27: terminalAt,
  155: terminalAt,
};

/** The escape sequence whose sign stands at `at`, or null where it is none after all. */
export function readEscape(units: Uint16Array, at: number, once = false): Escape | null {
  const read = readers[units[at] ?? 0]?.(units, at, once) ?? null;
  return read && read.end <= units.length ? read : null;
}
