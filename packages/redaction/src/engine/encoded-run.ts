import { joinsStrings, plusSign } from "./joints.ts";
import type { SymbolTables } from "./symbols.ts";
import { putUtf8, type View, ViewDraft } from "./view.ts";

const passedOver = -1;
const endsRun = -2;
/** Units without a digit after which a run is over: more than a line break with its indentation takes. */
const gapMax = 160;
/** Fewer digits hold less than a secret of eight characters that was encoded twice. */
const fewestDigits: Record<Encoding, number> = { base64: 11, hex: 16 };
const groupOf: Record<Encoding, number> = { base64: 4, hex: 2 };

export type Encoding = "base64" | "hex";

/** Signs of base64 and base64url, also in full width. */
const signValue: Record<number, number> = {
  43: 62,
  45: 62,
  47: 63,
  95: 63,
  65291: 62,
  65293: 62,
  65295: 63,
  65343: 63,
};
const equalsSigns = new Set([0x3d, 0xff1d]);
const alnumValue = (symbol: number): number => {
  if (symbol >= 0x61) return symbol - 0x61 + 26;
  return symbol >= 0x41 ? symbol - 0x41 : symbol - 0x30 + 52;
};
const isAlnum = (symbol: number): boolean =>
  (symbol >= 0x30 && symbol <= 0x39) || (symbol >= 0x41 && symbol <= 0x5a) || (symbol >= 0x61 && symbol <= 0x7a);

/** The digits of one run: their values and the code units they come from. */
interface Digits {
  values: number[];
  units: number[];
}

/** Reads digits of a text in either direction, in groups that decode to something readable. */
class DigitReader {
  readonly #tables: SymbolTables;
  readonly #units: Uint16Array;
  readonly #encoding: Encoding;

  constructor(tables: SymbolTables, units: Uint16Array, encoding: Encoding) {
    this.#tables = tables;
    this.#units = units;
    this.#encoding = encoding;
  }

  #valueAt(at: number): number {
    const unit = this.#units[at] ?? 0;
    if (unit >= 0xdc00 && unit <= 0xdfff) return passedOver;
    let symbol = this.#tables.units[unit] ?? 0;
    if (symbol === 1) {
      const low = this.#units[at + 1] ?? 0;
      const symbols = this.#tables.symbolsOf(unit < 0xd800 ? unit : 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff));
      if (symbols.length === 0) return passedOver;
      symbol = symbols.length === 1 ? (symbols[0] ?? 0) : 1;
    }
    if (isAlnum(symbol)) {
      const value = alnumValue(symbol);
      if (this.#encoding === "base64") return value;
      return value >= 52 ? value - 52 : value % 26 < 6 ? 10 + (value % 26) : endsRun;
    }
    if (symbol !== 0) return endsRun;
    if (this.#encoding === "hex") return passedOver;
    if (equalsSigns.has(unit)) return endsRun;
    const sign = signValue[unit];
    if (sign === undefined) return passedOver;
    return unit === plusSign && joinsStrings(this.#units, at) ? passedOver : sign;
  }

  /** The next `count` digits from `at` on, in the direction of `step`; fewer where the run is over. */
  #take(at: number, step: 1 | -1, count: number): { digits: Digits; next: number } {
    const digits: Digits = { values: [], units: [] };
    let gap = 0;
    let next = at;
    while (digits.values.length < count && next >= 0 && next < this.#units.length && gap <= gapMax) {
      const value = this.#valueAt(next);
      if (value === endsRun) break;
      if (value === passedOver) gap += 1;
      else {
        gap = 0;
        digits.values.push(value);
        digits.units.push(next);
      }
      next += step;
    }
    return { digits, next };
  }

  /** All groups around `at`, where one begins, as far as they are readable; and what is left of the last one. */
  around(at: number, isReadable: (values: number[]) => boolean): Digits {
    const group = groupOf[this.#encoding];
    const before: Digits[] = [];
    for (let next = at - 1; ; ) {
      const taken = this.#take(next, -1, group);
      taken.digits.values.reverse();
      taken.digits.units.reverse();
      if (taken.digits.values.length < group || !isReadable(taken.digits.values)) break;
      before.push(taken.digits);
      next = taken.next;
    }
    const all: Digits = { values: [], units: [] };
    const add = (digits: Digits) => {
      all.values.push(...digits.values);
      all.units.push(...digits.units);
    };
    for (const digits of before.reverse()) add(digits);
    for (let next = at; ; ) {
      const taken = this.#take(next, 1, group);
      if (taken.digits.values.length === group && !isReadable(taken.digits.values)) {
        add(readablePart(taken.digits, this.#encoding));
        break;
      }
      add(taken.digits);
      next = taken.next;
      if (taken.digits.values.length < group) break;
    }
    return all;
  }

  /** All digits from `at` on. */
  from(at: number): { digits: Digits; reachesEnd: boolean } {
    const { digits, next } = this.#take(at, 1, Number.POSITIVE_INFINITY);
    return { digits, reachesEnd: next >= this.#units.length };
  }
}

/** Of a group that is unreadable as a whole the digits of the bytes before the one that is. */
function readablePart({ values, units }: Digits, encoding: Encoding): Digits {
  const bytes = groupBytes(values, encoding).slice(0, Math.floor((values.length * (encoding === "hex" ? 4 : 6)) / 8));
  const unreadable = bytes.findIndex((byte) => !isText(byte));
  const readable = unreadable < 0 ? bytes.length : unreadable;
  const digits = readable === 0 ? 0 : lastDigit(readable - 1, encoding) + 1;
  return { values: values.slice(0, digits), units: units.slice(0, digits) };
}

const isText = (byte: number): boolean => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13;

function groupBytes(values: number[], encoding: Encoding): number[] {
  const [a = 0, b = 0, c = 0, d = 0] = values;
  if (encoding === "hex") return [(a << 4) | b];
  return [(a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d];
}

/** Bytes of the digits; what is left of a last group gives what it holds in full. */
function decode({ values }: Digits, encoding: Encoding): Uint8Array {
  const group = groupOf[encoding];
  const count = encoding === "hex" ? values.length >> 1 : Math.floor((values.length * 6) / 8);
  const bytes = new Uint8Array(count);
  for (let at = 0, byte = 0; at < values.length; at += group) {
    for (const each of groupBytes(values.slice(at, at + group), encoding)) if (byte < count) bytes[byte++] = each;
  }
  return bytes;
}

/** The digits that a byte's first and last bit come from. */
const firstDigit = (byte: number, encoding: Encoding): number =>
  encoding === "hex" ? 2 * byte : Math.floor((byte * 8) / 6);
const lastDigit = (byte: number, encoding: Encoding): number =>
  encoding === "hex" ? 2 * byte + 1 : Math.ceil(((byte + 1) * 8) / 6) - 1;

export interface EncodedRun {
  view: View;
  /** Code units where a group begins: another streak that begins there lies in this run. */
  groupStarts: Set<number>;
}

/** The decoded copy of the run of base64 or hex in which a group begins at `at`; null if it is too short. */
export function readEncodedRun(
  tables: SymbolTables,
  units: Uint16Array,
  encoding: Encoding,
  at: number,
): EncodedRun | null {
  const reader = new DigitReader(tables, units, encoding);
  const digits = reader.around(at, (values) => groupBytes(values, encoding).every(isText));
  if (digits.values.length < fewestDigits[encoding]) return null;
  const bytes = decode(digits, encoding);
  const draft = new ViewDraft(bytes.length);
  const unitOf = (digit: number) => digits.units[digit] ?? 0;
  putUtf8(
    draft,
    bytes,
    (byte) => unitOf(firstDigit(byte, encoding)),
    (byte) => unitOf(lastDigit(byte, encoding)) + 1,
    true,
  );
  const groupStarts = new Set(digits.units.filter((_, digit) => digit % groupOf[encoding] === 0));
  return { view: draft.view(), groupStarts };
}

/** The bytes that a run holds from `at` on; where it ends, padding included; and whether more may follow. */
export function readEncodedBytes(
  tables: SymbolTables,
  units: Uint16Array,
  encoding: Encoding,
  at: number,
): { bytes: Uint8Array; end: number; endOf: (byte: number) => number; reachesEnd: boolean } {
  const { digits, reachesEnd } = new DigitReader(tables, units, encoding).from(at);
  let end = (digits.units.at(-1) ?? at) + 1;
  while (equalsSigns.has(units[end] ?? 0)) end += 1;
  const endOf = (byte: number) => (digits.units[lastDigit(byte, encoding)] ?? end - 1) + 1;
  return { bytes: decode(digits, encoding), end, endOf, reachesEnd };
}
