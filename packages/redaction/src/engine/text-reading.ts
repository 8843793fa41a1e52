import { isInvisible } from "./invisible.ts";
import type { FormFacts, Matcher } from "./matcher.ts";
import type { Span } from "./reference-spans.ts";
import type { SymbolTables } from "./symbols.ts";

/** A run of encoded text that is worth decoding, by its symbols. `last` belongs to it. */
export interface Streak {
  kind: "base64" | "hex" | "gzip-base64" | "gzip-hex";
  first: number;
  last: number;
}

/** A match in code units, before what belongs to it on either side is added. */
export interface Match {
  begin: number;
  end: number;
  facts: FormFacts;
  /** Which of the form's symbols matched. */
  from: number;
  to: number;
}

/** A match by its symbols, and what it must not reach over. */
interface Found {
  begin: number;
  end: number;
  facts: FormFacts;
  from: number;
  apart: Span[];
}

const streakKinds: Streak["kind"][] = ["base64", "hex", "gzip-base64", "gzip-hex"];
/** What may stand between two letters of a secret: so many visible code units, and so many in all. */
const visibleGapMax = 160;
const gapMax = 4096;
const separatesNumbers = new Set(Array.from(",;:|\t()[]{}<>=", (sign) => sign.charCodeAt(0)));
const percentSign = 0x25;
const backslash = 0x5c;
const align = (address: number): number => Math.ceil(address / 16) * 16;

/**
 * One text in the memory of a matcher's core. Valid until the next one is read there.
 * `units` is a view of that memory, so what is to last has to be copied.
 */
export class TextReading {
  readonly matcher: Matcher;
  readonly units: Uint16Array;
  readonly symbolCount: number;
  /** Offsets of escape sequences with their family in the high bits; see `core/escapes.ts`. */
  readonly escapes: Uint32Array;
  /** Offsets of runs of encoded text of another script, likewise; see `core/runs.ts`. */
  readonly runs: Uint32Array;
  readonly #tables: SymbolTables;
  readonly #blocks: Uint32Array;
  readonly #text: number;
  readonly #symbols: number;
  readonly #raw: number;
  /** Where the core writes what it finds, and how many bytes are there. */
  readonly #results: number;
  readonly #room: number;

  constructor(matcher: Matcher, text: string | Uint16Array, resultBytes = 36 * text.length + 16_384) {
    const { core } = matcher;
    const { length } = text;
    this.matcher = matcher;
    this.#tables = core.tables;
    this.#room = resultBytes;
    const symbolRoom = align(4 * length + 64); // one character may give four
    const at = core.scratch(8 * length + 2 * symbolRoom + resultBytes + 1024);
    this.#text = at;
    const blocks = align(at + 2 * length + 64);
    const escapes = align(blocks + length / 4 + 64);
    const runs = align(escapes + 4 * length + 64);
    this.#symbols = align(runs + length / 2 + 64);
    this.#raw = this.#symbols + symbolRoom;
    this.#results = this.#raw + symbolRoom;
    const { buffer } = core.bytes();
    this.units = new Uint16Array(buffer, at, length);
    if (typeof text === "string") Buffer.from(buffer, at, 2 * length).write(text, "utf16le");
    else this.units.set(text);
    core.exports.fold(at, length, this.#symbols, this.#raw, blocks, escapes, runs);
    this.symbolCount = core.exports.symbolCount.value;
    this.escapes = new Uint32Array(buffer, escapes, core.exports.escapeCount.value);
    this.runs = new Uint32Array(buffer, runs, core.exports.runCount.value);
    this.#blocks = new Uint32Array(buffer, blocks, Math.ceil(length / 16));
  }

  /** Runs of encoded text, in the order of the text. */
  streaks(): Streak[] {
    const { core } = this.matcher;
    const count = core.exports.streaks(this.#raw, this.symbolCount, this.#results);
    if (count === 0) return [];
    const words = core.words().subarray(this.#results / 4, this.#results / 4 + 3 * count);
    return Array.from({ length: count }, (_, index) => ({
      kind: streakKinds[words[3 * index] ?? 0] ?? "base64",
      first: words[3 * index + 1] ?? 0,
      last: words[3 * index + 2] ?? 0,
    })).sort((a, b) => a.first - b.first);
  }

  /**
   * Matches of forms outside `spans`, which are sorted; it is asked for only if there are matches. Null where there is not
   * room enough for them: read the text again with more.
   */
  matches(spans: () => Span[]): Match[] | null {
    const { core, facts } = this.matcher;
    const count = core.exports.probe(this.#symbols, this.symbolCount, this.#results, Math.floor(this.#room / 16) - 1);
    if (count < 0) return null;
    if (count === 0) return [];
    const words = core.words().subarray(this.#results / 4, this.#results / 4 + 4 * count);
    const matches: Match[] = [];
    const apart = spans();
    for (let index = 0; index < 4 * count; index += 4) {
      const [begin = 0, end = 0, form = 0, from = 0] = words.subarray(index, index + 4);
      const known = facts[form];
      if (known) this.#locate({ begin, end, facts: known, from, apart }, matches);
    }
    return matches;
  }

  /** First of the code units that may be the beginning of something which the next text completes. */
  openFrom(): number {
    const { exports } = this.matcher.core;
    const open = exports.openEnd(this.#symbols, this.#raw, this.symbolCount);
    // The digit before base64 of a secret may hold bits of it.
    const symbols = Math.min(this.symbolCount, open + 1);
    let at = symbols === 0 ? this.units.length : this.unitOf(this.symbolCount - symbols);
    at = Math.min(at, this.units.length - exports.openRun(this.#text, this.units.length));
    // Signs in front may belong to the secret, so many as any has, and with them what nobody sees.
    for (let signs = this.matcher.longestLead; at > 0; at -= 1) {
      const unit = this.units[at - 1] ?? 0;
      if (this.#tables.units[unit] !== 0) break;
      if (unit === percentSign || unit === backslash) continue;
      if (!isInvisible(this.units, at - 1) && --signs < 0) break;
    }
    return at;
  }

  /** The code unit that the symbol comes from. */
  unitOf(symbol: number): number {
    return this.#seek(symbol).at;
  }

  /** The same, and how many symbols of that character there are from this one on. */
  #seek(symbol: number): { at: number; left: number } {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#blocks[middle] ?? 0) <= symbol) low = middle;
      else high = middle - 1;
    }
    let count = this.#blocks[low] ?? 0;
    for (let at = low * 16; ; at += 1) {
      count += this.#symbolsAt(at);
      if (count > symbol || at >= this.units.length) return { at, left: count - symbol };
    }
  }

  /** A pair of surrogates counts for its first half. */
  #symbolsAt(at: number): number {
    const unit = this.units[at] ?? 0;
    const symbol = this.#tables.units[unit] ?? 0;
    if (symbol !== 1) return symbol === 0 ? 0 : 1;
    if (unit < 0xd800 || unit > 0xdbff) return this.#tables.symbolsOf(unit).length;
    const low = this.units[at + 1] ?? 0;
    if (low < 0xdc00 || low > 0xdfff) return 0;
    return this.#tables.symbolsOf(0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff)).length;
  }

  /** Adds the match to `matches`; in pieces, if too much stands between two of its symbols. */
  #locate(found: Found, matches: Match[]): void {
    const { begin, end, facts, from, apart } = found;
    let { at, left: symbols } = this.#seek(begin);
    let symbol = begin;
    let piece = { at, symbol };
    let last = at;
    const close = () => {
      if (symbol - piece.symbol < facts.needed) return;
      const offset = from - begin;
      matches.push({ begin: piece.at, end: last, facts, from: piece.symbol + offset, to: symbol + offset });
    };
    for (; symbol < end; at += 1, symbols = this.#symbolsAt(at)) {
      if (symbols === 0) continue;
      if (apart.some((span) => at >= span.begin && at < span.end)) {
        close();
        symbol += symbols;
        piece = { at: at + 1, symbol };
        last = at + 1;
        continue;
      }
      if (symbol === piece.symbol) piece.at = at;
      else if (at > last && this.#isApart(last, at, found)) {
        close();
        piece = { at, symbol };
      }
      symbol = Math.min(end, symbol + symbols);
      last = at + (this.#isPair(at) ? 2 : 1);
    }
    close();
  }

  #isPair(at: number): boolean {
    const unit = this.units[at] ?? 0;
    return unit >= 0xd800 && unit <= 0xdbff;
  }

  #isApart(from: number, to: number, { facts: { digitsOnly }, apart }: Found): boolean {
    if (to - from > gapMax || apart.some((span) => span.begin >= from && span.end <= to)) return true;
    let visible = 0;
    for (let at = from; at < to; at += 1) {
      if (isInvisible(this.units, at)) continue;
      if (digitsOnly && separatesNumbers.has(this.units[at] ?? 0)) return true;
      visible += 1;
    }
    return visible > visibleGapMax;
  }
}
