import type { Hit } from "@berth/redaction";
import type { Example } from "../../packages/redaction/corpus/read-examples.ts";

/** A text that shows an example's value; `value` as it stands there (in JSON with its escapes). */
export interface Showing {
  before: string;
  value: string;
  after: string;
}

export interface Outcome {
  example: Example;
  /** Share of the value's characters that the output still shows, 0 to 1; the mean where there are several texts. */
  left: { inContext: number; bare: number };
}

/** How much of the values goes, 0 to 1: as the mean over the examples, and of all their characters together. */
export interface Recall {
  examples: number;
  inContext: number;
  bare: number;
  inContextOfAllCharacters: number;
  bareOfAllCharacters: number;
}

const splitAt = (text: string, value: string): Showing => {
  const at = text.indexOf(value);
  return { before: text.slice(0, at), value, after: text.slice(at + value.length) };
};

const wordsOf = (text: string): string[] => text.split(/[^A-Za-z0-9]+/).filter(Boolean);
const camelCase = (text: string): string =>
  wordsOf(text.toLowerCase())
    .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join("");

/** The texts in which a value counts as "in context", as `packages/redaction/corpus/README.md` lays down. */
export function showingsInContext({ vendor, kind, value, context, carrier }: Example): Showing[] {
  const given = context ?? carrier;
  if (given !== undefined) return [splitAt(given, value)];
  const name = wordsOf(`${vendor} ${kind}`).join("_").toUpperCase();
  return [
    { before: `${name} = "`, value, after: '"\n' },
    { before: `{"${camelCase(kind)}": "`, value: JSON.stringify(value).slice(1, -1), after: '"}' },
    { before: `here is my ${vendor} ${kind}: `, value, after: "" },
  ];
}

/** The value (or the least text it travels in) between words that say nothing about it. */
export function showingBare({ value, carrier }: Example): Showing {
  const { before, after } = splitAt(carrier ?? value, value);
  return { before: `we looked at ${before}`, value, after: `${after} before lunch` };
}

type Find = (text: string) => Hit[];

/** Share of the value's characters that no hit covers. */
export function shareLeft(find: Find, { before, value, after }: Showing): number {
  const covered = new Uint8Array(value.length);
  for (const { begin, end } of find(before + value + after)) {
    covered.fill(1, Math.max(0, begin - before.length), Math.max(0, end - before.length));
  }
  return covered.filter((mark) => mark === 0).length / value.length;
}

const mean = (numbers: number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

export function outcomeOf(find: Find, example: Example): Outcome {
  const inContext = mean(showingsInContext(example).map((showing) => shareLeft(find, showing)));
  return { example, left: { inContext, bare: shareLeft(find, showingBare(example)) } };
}

export function recallOf(outcomes: Outcome[]): Recall {
  const characters = outcomes.reduce((sum, { example }) => sum + example.value.length, 0);
  const inAll = (where: keyof Outcome["left"]): number =>
    1 - outcomes.reduce((sum, { example, left }) => sum + left[where] * example.value.length, 0) / characters;
  return {
    examples: outcomes.length,
    inContext: 1 - mean(outcomes.map(({ left }) => left.inContext)),
    bare: 1 - mean(outcomes.map(({ left }) => left.bare)),
    inContextOfAllCharacters: inAll("inContext"),
    bareOfAllCharacters: inAll("bare"),
  };
}
