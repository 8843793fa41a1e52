import type { Hit } from "../hit.ts";
import { type Encoding, readEncodedBytes, readEncodedRun } from "./encoded-run.ts";
import { inflate } from "./gzip-run.ts";
import type { Matcher } from "./matcher.ts";
import { openEscapeAt } from "./open-escape.ts";
import { outside, redactedSpans, referenceSpans, type Span } from "./reference-spans.ts";
import type { Registry } from "./registry.ts";
import { type Match, type Streak, TextReading } from "./text-reading.ts";
import { escapeFamilies, unescaped, unquoted } from "./unescape.ts";
import type { View } from "./view.ts";
import { widenMatch } from "./widen-match.ts";

/** Finds what looks like a secret in one plain text; see `patterns/`. */
export interface PatternLayer {
  /** `openFrom`: from where on the end of the text may still become a hit when more text comes; asked for with `open`. */
  scan(text: string, open: boolean): { spans: { begin: number; end: number; rule: string }[]; openFrom: number };
}

export interface Found {
  hits: Hit[];
  /** From where on the text may be the beginning of a hit that the next text completes; its length if not asked for. */
  openFrom: number;
}

interface Archive {
  bytes: Uint8Array;
  begin: number;
  /** Where the run ends, and where each of its bytes does. */
  end: number;
  endOf: (byte: number) => number;
  /** Nothing of the text follows it. */
  reachesEnd: boolean;
}

/** What is to be searched besides the text itself. Copied, for the next reading overwrites the memory. */
interface Copies {
  views: View[];
  archives: Archive[];
}

/** Encodings inside one another that are undone, not counting one that a registry form has itself. */
const deepest = 3;
/** Code units before an unfinished escape that may belong to the same secret. */
const escapeContext = 512;
const openMargin = 128;
/** As `core/runs.ts` marks hex among the offsets. */
const hexRun = 1 << 30;
const offsetMask = (1 << 29) - 1;

const asString = (text: string | Uint16Array): string =>
  typeof text === "string" ? text : Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("utf16le");

function readMatches(
  matcher: Matcher,
  text: string | Uint16Array,
  spans: () => Span[],
): { reading: TextReading; matches: Match[] } {
  for (let resultBytes: number | undefined; ; ) {
    const reading: TextReading = new TextReading(matcher, text, resultBytes);
    const matches = reading.matches(spans);
    if (matches) return { reading, matches };
    resultBytes = (resultBytes ?? 36 * text.length + 16_384) * 4;
  }
}

/** Finds hits in one text and, by calling itself, in decoded copies of its parts. */
export class Search {
  readonly #registry: Registry;
  readonly #patterns: PatternLayer | null;
  readonly #names: Set<string>;

  constructor(registry: Registry, patterns: PatternLayer | null) {
    this.#registry = registry;
    this.#patterns = patterns;
    this.#names = new Set(registry.names);
  }

  /** Hits overlap, and are in no order. `open` says whether the end is asked for; `isCutOff`, that an escape was there. */
  run(text: string | Uint16Array, open: boolean, depth = 0, isCutOff = false): Found {
    const { letters, signs } = this.#registry;
    const spans = () => referenceSpans(asString(text), this.#names);
    const { reading, matches } = readMatches(letters, text, spans);
    const found: Found = { hits: [], openFrom: open ? reading.openFrom() : text.length };
    this.#addMatches(found, reading, matches);
    const copies: Copies = depth < deepest ? this.#copies(reading) : { views: [], archives: [] };
    if (signs) {
      const signed = readMatches(signs, text, spans);
      this.#addMatches(found, signed.reading, signed.matches);
      if (open) found.openFrom = Math.min(found.openFrom, signed.reading.openFrom());
    }
    this.#addExact(found, text, open);
    this.#addPatterns(found, text, open);
    for (const view of copies.views) this.#addView(found, view, text.length, open, depth);
    for (const archive of copies.archives) this.#addArchive(found, archive, open, depth);
    if (open && depth < deepest && !isCutOff) this.#openEscape(found, asString(text), depth);
    this.#spareReferences(found, text);
    return found;
  }

  #addMatches(found: Found, { units, matcher }: TextReading, matches: Match[]): void {
    for (const match of matches) {
      const name = this.#registry.names[match.facts.secret] ?? "";
      found.hits.push({ ...widenMatch(units, match, matcher), kind: "secret", name });
    }
  }

  #addExact(found: Found, text: string | Uint16Array, open: boolean): void {
    if (this.#registry.exact.length === 0) return;
    const whole = asString(text);
    for (const { text: value, secret } of this.#registry.exact) {
      const name = this.#registry.names[secret] ?? "";
      for (let begin = whole.indexOf(value); begin >= 0; begin = whole.indexOf(value, begin + 1)) {
        found.hits.push({ begin, end: begin + value.length, kind: "secret", name });
      }
      if (open) {
        const from = Math.max(0, whole.length - value.length + 1);
        for (let at = from; at < whole.length; at += 1) {
          if (value.startsWith(whole.slice(at))) found.openFrom = Math.min(found.openFrom, at);
        }
      }
    }
  }

  #addPatterns(found: Found, text: string | Uint16Array, open: boolean): void {
    if (!this.#patterns) return;
    const whole = asString(text);
    const { spans, openFrom } = this.#patterns.scan(whole, open);
    if (spans.length > 0) {
      const done = [...redactedSpans(whole), ...referenceSpans(whole, this.#names)];
      for (const { begin, end, rule } of spans) {
        if (done.some((span) => span.begin < end && begin < span.end)) continue;
        found.hits.push({ begin, end, kind: "pattern", name: rule });
      }
    }
    if (open) found.openFrom = Math.min(found.openFrom, openFrom);
  }

  #copies(reading: TextReading): Copies {
    const { units, escapes } = reading;
    const families = escapeFamilies.sequence | (this.#patterns ? escapeFamilies.sign : 0);
    const copies: Copies = {
      views: [...unescaped(units, escapes, families), ...unquoted(units, escapes)],
      archives: [],
    };
    const covered: Record<Encoding, Set<number>[]> = { base64: [], hex: [] };
    for (const streak of reading.streaks()) {
      this.#copyRun(reading, streak.kind, reading.unitOf(streak.first), covered, copies);
    }
    for (const run of reading.runs) {
      this.#copyRun(reading, run & hexRun ? "hex" : "base64", run & offsetMask, covered, copies);
    }
    return copies;
  }

  #copyRun(
    reading: TextReading,
    kind: Streak["kind"],
    at: number,
    covered: Record<Encoding, Set<number>[]>,
    copies: Copies,
  ): void {
    const { tables } = reading.matcher.core;
    if (kind === "gzip-base64" || kind === "gzip-hex") {
      const encoding = kind === "gzip-hex" ? "hex" : "base64";
      copies.archives.push({ begin: at, ...readEncodedBytes(tables, reading.units, encoding, at) });
      return;
    }
    if (covered[kind].some((starts) => starts.has(at))) return;
    const run = readEncodedRun(tables, reading.units, kind, at);
    if (!run) return;
    covered[kind].push(run.groupStarts);
    copies.views.push(run.view);
  }

  #addView(found: Found, view: View, length: number, open: boolean, depth: number): void {
    const { hits, openFrom } = this.run(view.units, open, depth + 1);
    for (const hit of hits) {
      const begin = view.begin[hit.begin] ?? 0;
      found.hits.push({ ...hit, begin, end: view.end[hit.end - 1] ?? begin });
    }
    const last = view.end.at(-1) ?? 0;
    if (open && last + escapeContext >= length)
      found.openFrom = Math.min(found.openFrom, view.begin[openFrom] ?? length);
  }

  /** Nothing of an archive can be cut out: if there is a hit in it, or it cannot be read to its end, all of it goes. */
  #addArchive(found: Found, archive: Archive, open: boolean, depth: number): void {
    const inflated = inflate(archive.bytes);
    if (!inflated) return;
    const end = inflated.used >= archive.bytes.length ? archive.end : archive.endOf(inflated.used - 1);
    const { hits } = this.run(inflated.text, false, depth + 1);
    const first = hits.find(({ kind }) => kind === "secret") ?? hits[0];
    if (first) found.hits.push({ ...first, begin: archive.begin, end });
    else if (inflated.tooLong) found.hits.push({ begin: archive.begin, end, kind: "pattern", name: "unread-archive" });
    if (open && archive.reachesEnd && inflated.used >= archive.bytes.length)
      found.openFrom = Math.min(found.openFrom, archive.begin);
  }

  /** The text before an escape that is not complete yet may be open, which what is there of the escape hides. */
  #openEscape(found: Found, text: string, depth: number): void {
    const at = openEscapeAt(text);
    if (at >= text.length) return;
    for (let reach = escapeContext; ; reach *= 4) {
      const from = Math.max(0, at - reach);
      const before = this.run(text.slice(from, at), true, depth, true);
      // What is open from the very beginning may be open from further on the left.
      if (before.openFrom < openMargin && from > 0) continue;
      found.openFrom = Math.min(found.openFrom, from + before.openFrom);
      return;
    }
  }

  /** A match inside a reference is none: that is what makes redaction idempotent. */
  #spareReferences(found: Found, text: string | Uint16Array): void {
    if (found.hits.length === 0) return;
    const spans = referenceSpans(asString(text), this.#names);
    if (spans.length > 0) found.hits = found.hits.flatMap((hit) => outside(hit, spans));
  }
}
