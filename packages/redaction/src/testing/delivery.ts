import fc from "fast-check";
import type { Redactor } from "../redactor.ts";
import { type Dice, diceOf } from "./carrier.ts";
import { leaked, type Planted } from "./evasion-matrix.ts";

/** How a text reaches the redactor: whole, in chunks of a stream, or as texts of a request. */
export type Delivery = "whole" | "chunks" | "single units" | "parts of a message" | "messages";

export const delivery: fc.Arbitrary<Delivery> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Delivery>("whole") },
  { weight: 2, arbitrary: fc.constant<Delivery>("chunks") },
  { weight: 1, arbitrary: fc.constant<Delivery>("single units") },
  { weight: 2, arbitrary: fc.constant<Delivery>("parts of a message") },
  { weight: 2, arbitrary: fc.constant<Delivery>("messages") },
);

function cut(text: string, dice: Dice, pieces: number): string[] {
  const at = Array.from({ length: dice(pieces) }, () => dice(text.length + 1)).sort((a, b) => a - b);
  return [0, ...at].map((from, index) => text.slice(from, at[index] ?? text.length));
}

function streamed(redactor: Redactor, chunks: string[]): string {
  const stream = redactor.stream();
  return chunks.map((chunk) => stream.push(chunk)).join("") + stream.end();
}

const mark = /SECRET_REF\([^()]*\)/;

/**
 * Where the redacted text has references instead of the text: each piece between two of them stands as early behind the
 * last one as it can. Null if it is not the text with some stretches replaced.
 */
function replacedIn(text: string, redacted: string): { begin: number; end: number }[] | null {
  const pieces = redacted.split(mark);
  const hits: { begin: number; end: number }[] = [];
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    const isLast = index === pieces.length - 1;
    const found = index === 0 ? 0 : isLast ? text.length - piece.length : text.indexOf(piece, at + 1);
    if (found < at || text.slice(found, found + piece.length) !== piece) return null;
    if (index > 0) hits.push({ begin: at, end: found });
    at = found + piece.length;
  }
  return at === text.length ? hits : null;
}

function told(planted: Planted, redacted: string): string | null {
  const hits = replacedIn(planted.text, redacted);
  if (!hits) return `not the text: ${JSON.stringify(redacted)}`;
  const count = leaked(planted, hits);
  return count === 0 ? null : `${count} characters leaked: ${JSON.stringify(redacted)}`;
}

/** What is wrong with the redaction of the last of several messages, or with that of the ones before. */
function checkMessages(redactor: Redactor, { text, marks }: Planted, dice: Dice): string | null {
  const pieces = cut(text, dice, 4);
  const segments = pieces.map((piece, group) => ({ text: piece, group }));
  const out = redactor.redactSegments(segments);
  const before = redactor.redactSegments(segments.slice(0, -1));
  if (before.some((piece, index) => piece !== out[index])) return "an older message changed";
  const last = pieces.at(-1) ?? "";
  // Only what belongs to a hit of the whole has to go: a few characters in the last message may be none.
  const hits = redactor.find(text);
  const ours = marks.map((of, unit) => (hits.some(({ begin, end }) => begin <= unit && unit < end) ? of : []));
  return told({ text: last, marks: ours.slice(text.length - last.length) }, out.at(-1) ?? "");
}

/**
 * Redacts a text with a hidden secret and says what of it got through: the number of its characters that can still be
 * told. Null if there are none.
 */
export function checkRedaction(redactor: Redactor, planted: Planted, how: Delivery, seed: number): string | null {
  const dice = diceOf(seed);
  const { text } = planted;
  const whole = redactor.redactText(text);
  const inWhole = told(planted, whole);
  if (inWhole) return inWhole;
  if (redactor.redactText(whole) !== whole) return `not idempotent: ${JSON.stringify(redactor.redactText(whole))}`;
  if (how === "whole") return null;
  if (how === "messages") return checkMessages(redactor, planted, dice);
  const parts = cut(text, dice, how === "chunks" ? 8 : 5);
  if (how === "chunks") return told(planted, streamed(redactor, parts));
  if (how === "single units") return told(planted, streamed(redactor, text.split("")));
  return told(planted, redactor.redactSegments(parts.map((part) => ({ text: part, group: 0 }))).join(""));
}
