import type { Hit } from "./hit.ts";
import type { Segment } from "./redactor.ts";
import { replacementFor } from "./replacement.ts";

/** What is in a text, and from where on it may be the beginning of something that the next text completes. */
export interface Scan {
  hits: Hit[];
  openFrom: number;
}
export type Scanner = (text: string, patterns: boolean) => Scan;

/** Code units that one text lends to the next. What is longer than that has been seen long before it ends. */
const carriedMax = 16 * 1024;

interface Cut {
  begin: number;
  end: number;
  /** Empty where the reference stands in an earlier text. */
  replacement: string;
}

/**
 * The end of what was read so far that may be the beginning of a secret, and where each of its units came from. It is
 * what makes a text's redaction depend on the texts before it only: a prompt's prefix never changes when it grows.
 */
interface Carry {
  text: string;
  pieces: { segment: number; group: number; from: number; length: number }[];
}

function carryOn(carry: Carry, next: Carry["pieces"][number], text: string, openFrom: number): Carry {
  const from = Math.max(openFrom, text.length - carriedMax);
  let skipped = 0;
  const pieces = [...carry.pieces, next].flatMap((piece) => {
    const lost = Math.min(piece.length, Math.max(0, from - skipped));
    skipped += piece.length;
    return piece.length > lost ? [{ ...piece, from: piece.from + lost, length: piece.length - lost }] : [];
  });
  return { text: text.slice(from), pieces };
}

function applyCuts(text: string, cuts: Cut[]): string {
  let out = "";
  let done = 0;
  for (const cut of cuts.sort((a, b) => a.begin - b.begin || b.end - a.end)) {
    if (cut.begin >= done) out += text.slice(done, cut.begin) + cut.replacement;
    done = Math.max(done, cut.end);
  }
  return done === 0 ? text : out + text.slice(done);
}

export function redactSegments(segments: Segment[], scan: Scanner): string[] {
  const cuts = segments.map((): Cut[] => []);
  let carry: Carry = { text: "", pieces: [] };

  /** The parts of a hit that lie in the newest group it touches; the reference goes to the first of them. */
  function cut(hit: Hit, pieces: Carry["pieces"]): void {
    const parts: { segment: number; group: number; begin: number; end: number }[] = [];
    let at = 0;
    for (const { segment, group, from, length } of pieces) {
      const [begin, end] = [Math.max(hit.begin - at, 0), Math.min(hit.end - at, length)];
      if (begin < end) parts.push({ segment, group, begin: from + begin, end: from + end });
      at += length;
    }
    const newest = parts.at(-1)?.group;
    parts
      .filter(({ group }) => group === newest)
      .forEach(({ segment, begin, end }, index) => {
        cuts[segment]?.push({ begin, end, replacement: index === 0 ? replacementFor(hit) : "" });
      });
  }

  segments.forEach(({ text, group, patterns = true }, segment) => {
    const own = { segment, group, from: 0, length: text.length };
    const joined = carry.text + text;
    const { hits, openFrom } = scan(joined, patterns);
    const pieces = [...carry.pieces, own];
    // What lies in the carried part alone was cut when its own text was read.
    for (const hit of hits) if (hit.end > carry.text.length) cut(hit, pieces);
    carry = carryOn(carry, own, joined, openFrom);
  });
  return segments.map(({ text }, segment) => applyCuts(text, cuts[segment] ?? []));
}
