import { confusablesMap } from "confusables";

/** What a text is reduced to before it is compared. `letters` keeps letters and digits, `signs` all that is printed. */
export type Alphabet = "letters" | "signs";

export interface SymbolTables {
  /** Code unit -> symbol: 0 is skipped, 1 is looked up in `expansions` (or is half of a surrogate pair). */
  units: Uint8Array;
  /** The same for U+10000..U+1FFFF. */
  plane1: Uint8Array;
  /** Code point -> several symbols (ligatures, units, numbers in circles). Sorted. */
  expansions: Map<number, number[]>;
  /** Symbol -> what is compared. */
  compared: Uint8Array;
  /** All symbols of a character. */
  symbolsOf(codePoint: number): number[];
}

const several = 1;
const isAsciiAlnum = (code: number): boolean => /[A-Za-z0-9]/.test(String.fromCharCode(code));
/** What a shell, a program or JSON puts between the parts of a string. The same set as in `core/fold.ts`. */
const glue = new Set(Array.from(" \"'`+\\", (sign) => sign.charCodeAt(0)));

/** Letters of other scripts share 64 symbols. Eight of them in a row are a coincidence nobody will live to see. */
const hashed = (codePoint: number): number => {
  const mixed = Math.imul(codePoint, 0x9e3779b1) >>> 26;
  return 0x80 | 0x20 | (mixed & 0x1f) | ((mixed & 0x20) << 1);
};

/** Latin letters that look like it: a currency sign, say, is what it is. */
function lookAlike(char: string): string {
  if (!/[\p{L}\p{N}\p{So}]/u.test(char)) return char;
  if (/^[ıΙІӀ]$/u.test(char)) return "i"; // the package reads them as l, which is the same symbol here
  const known = confusablesMap.get(char);
  return known !== undefined && /^[A-Za-z0-9]{1,4}$/.test(known) ? known : char;
}

/** Han and Hangul: nothing there looks Latin, and it is half of all code points. */
const isEastAsian = (code: number): boolean =>
  (code >= 0x3400 && code < 0xa000) || (code >= 0xac00 && code < 0xd7a4) || (code >= 0x12000 && code < 0x1d000);

function symbolsOf(codePoint: number, alphabet: Alphabet): number[] {
  if (codePoint < 0x80) {
    const printed = alphabet === "signs" && codePoint > 0x20 && codePoint < 0x7f && !glue.has(codePoint);
    return isAsciiAlnum(codePoint) || printed ? [codePoint] : [];
  }
  const char = String.fromCodePoint(codePoint);
  if (!/[\p{L}\p{N}\p{S}\p{P}]/u.test(char)) return [];
  if (isEastAsian(codePoint)) return [hashed(codePoint)];
  const plain = Array.from(char.normalize("NFKD")).filter((part) => part < "\x80" || !/[\p{M}\p{Cf}]/u.test(part));
  if (/[\p{L}\p{N}\p{So}]/u.test(char)) {
    // A compatibility form comes before a likeness: the one is exact.
    const isPlain = plain.every((part) => part < "\x80") && plain.some((part) => /[A-Za-z0-9]/.test(part));
    const whole = isPlain ? char : lookAlike(char);
    const latin = Array.from(
      whole !== char ? whole : plain.map(lookAlike).join(""),
      (part) => part.codePointAt(0) ?? 0,
    );
    const known = latin.every((code) => code < 0x80) ? latin.flatMap((code) => symbolsOf(code, alphabet)) : [];
    if (known.length > 0 && known.length <= 4) return known;
  }
  if (alphabet === "signs" && plain.every((part) => part < "\x80")) {
    return plain.flatMap((part) => symbolsOf(part.charCodeAt(0), alphabet)).slice(0, 4);
  }
  if (alphabet === "letters" && !/[\p{L}\p{N}]/u.test(char)) return [];
  return [hashed(plain.join("").toLowerCase().codePointAt(0) ?? codePoint)];
}

function comparedTable(): Uint8Array {
  const table = Uint8Array.from({ length: 256 }, (_, code) => code);
  for (let code = 0x41; code <= 0x5a; code += 1) table[code] = code + 0x20;
  for (const [group, as] of [
    ["1iI", "l"],
    ["0", "o"],
  ] as const) {
    for (const sign of group) table[sign.charCodeAt(0)] = as.charCodeAt(0);
  }
  return table;
}

/** The same as `foldUnit` of the core. */
function lookUp(tables: Omit<SymbolTables, "symbolsOf">, codePoint: number): number[] {
  if (codePoint >= 0x20000) {
    return codePoint < 0x40000 ? [0xa0 | ((codePoint ^ (codePoint >>> 5)) & 0x1f)] : [];
  }
  const symbol = (codePoint > 0xffff ? tables.plane1[codePoint & 0xffff] : tables.units[codePoint]) ?? 0;
  if (symbol === several) return tables.expansions.get(codePoint) ?? [];
  return symbol === 0 ? [] : [symbol];
}

function buildTables(alphabet: Alphabet): SymbolTables {
  const expansions = new Map<number, number[]>();
  const symbolFor = (codePoint: number): number => {
    const symbols = symbolsOf(codePoint, alphabet);
    if (symbols.length <= 1) return symbols[0] ?? 0;
    expansions.set(codePoint, symbols);
    return several;
  };
  const units = new Uint8Array(0x10000);
  for (let unit = 0; unit < 0x10000; unit += 1) {
    units[unit] = unit >= 0xd800 && unit < 0xe000 ? (unit < 0xdc00 ? several : 0) : symbolFor(unit);
  }
  const plane1 = new Uint8Array(0x10000);
  for (let low = 0; low < 0x10000; low += 1) plane1[low] = symbolFor(0x10000 + low);
  const tables = { units, plane1, expansions, compared: comparedTable() };
  return { ...tables, symbolsOf: (codePoint) => lookUp(tables, codePoint) };
}

const built = new Map<Alphabet, SymbolTables>();

/** Takes some tens of milliseconds the first time. */
export function symbolTables(alphabet: Alphabet): SymbolTables {
  const known = built.get(alphabet);
  if (known) return known;
  const tables = buildTables(alphabet);
  built.set(alphabet, tables);
  return tables;
}
