import fc from "fast-check";
import { type Carrier, carrierOf, type Dice, diceOf, marksOf, pick, textOf } from "./carrier.ts";
import { disguises } from "./disguises.ts";
import { byteEncodings, escapes, innermost } from "./encodings.ts";
import { secretValue } from "./secret-values.ts";

/** One way to hide a secret: what is done to it, one after the other. */
export interface Recipe {
  steps: readonly string[];
  /** At least sixteen characters of the secret instead of all: where they begin and how many, in thousandths. */
  run: [from: number, length: number] | null;
  disguise: string | null;
  seed: number;
}

/** A text with a secret in it. `marks` says for each code unit which characters of the secret it tells of. */
export interface Planted {
  text: string;
  marks: (readonly number[])[];
}

const names = (table: object): fc.Arbitrary<string> => fc.constantFrom(...Object.keys(table));
const bytes = names(byteEncodings);
const escaping = names(escapes);

/** None, one or two encodings inside one another, in every order that a decoder can undo. */
const steps = fc.oneof(
  { weight: 3, arbitrary: fc.constant<string[]>([]) },
  { weight: 4, arbitrary: names(innermost).map((one) => [one]) },
  { weight: 4, arbitrary: bytes.map((one) => [one]) },
  { weight: 4, arbitrary: escaping.map((one) => [one]) },
  { weight: 3, arbitrary: fc.tuple(bytes, bytes) },
  { weight: 3, arbitrary: fc.tuple(escaping, bytes) },
  { weight: 3, arbitrary: fc.tuple(bytes, escaping) },
  { weight: 1, arbitrary: fc.tuple(escaping, escaping) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("reversed"), fc.oneof(bytes, escaping)) },
);
/** A run is promised in plain, hex and base64. */
const runSteps = fc.oneof(
  fc.constant<string[]>([]),
  fc.constantFrom("base64", "base64url", "base64 inside", "hex", "hex upper").map((one) => [one]),
);

const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const disguise = fc.option(names(disguises), { freq: 2, nil: null });
const thousandths = fc.integer({ min: 0, max: 999 });

export const recipe: fc.Arbitrary<Recipe> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ steps, run: fc.constant(null), disguise, seed }) },
  { weight: 1, arbitrary: fc.record({ steps: runSteps, run: fc.tuple(thousandths, thousandths), disguise, seed }) },
);

const jointing = new Set(["yaml folded", "shell quotes", "shell line", "joined strings", "joined by dots"]);
/** Replaces characters one by one, which a decoder of escapes would not read. */
const replacing = new Set(["full width", "styled", "homoglyph"]);

function partOf(carrier: Carrier, run: Recipe["run"]): Carrier {
  if (!run || carrier.length <= 16) return carrier;
  const length = 16 + Math.floor((run[1] / 1000) * (carrier.length - 16));
  const from = Math.floor((run[0] / 1000) * (carrier.length - length + 1));
  return carrier.slice(from, from + length);
}

/**
 * Other scripts, escaped in part and then encoded, are read where the digits stand together and by themselves; in pieces
 * they are not. `docs/threat-model.md` says so.
 */
const isForeign = (carrier: Carrier): boolean => /[\u0080-\uffff]/.test(textOf(carrier));

/** The secret as the recipe writes it. */
export function hide(value: string, { steps: chain, run, disguise: last, seed: number }: Recipe): Carrier {
  const dice = diceOf(number);
  const table = { ...innermost, ...byteEncodings, ...escapes };
  let carrier = partOf(carrierOf(value), run);
  for (const [index, step] of chain.entries()) {
    if (index === 1 && isForeign(carrier))
      return table[step === "hex in pairs" ? "hex" : step]?.(carrier, dice) ?? carrier;
    carrier = table[step]?.(carrier, dice) ?? carrier;
  }
  const isEscaped = Object.hasOwn(escapes, chain.at(-1) ?? "") || chain.at(-1) === "utf-16 in percent";
  if (last === null || (isEscaped && replacing.has(last))) return carrier;
  // A look-alike is read as one of several letters: what has to be decoded exactly is lost to any reader.
  if (last === "homoglyph" && (chain.length > 1 || chain[0] === "gzip in base64")) return carrier;
  // To a secret that has hardly a letter a dot is one sign among others.
  const letters = Array.from(value).filter((char) => /[\p{L}\p{N}]/u.test(char)).length;
  if (last === "joined by dots" && (letters < 8 || letters * 4 < Array.from(value).length * 3)) return carrier;
  // A quote at the end of a secret cannot be told from those of a shell that were put next to it.
  if (jointing.has(last) && /^["'`\\+\s]|["'`\\+\s]$/.test(textOf(partOf(carrierOf(value), run)))) return carrier;
  return disguises[last]?.(carrier, dice) ?? carrier;
}

const surroundings: [before: string, after: string][] = [
  ["", ""],
  ["The key is ", "."],
  ['{"password":"', '","id":7}'],
  ["https://user:", "@example.org/a?b=c"],
  ["https://example.org/x?token=", "&page=2"],
  ["Authorization: Bearer ", "\r\n"],
  ["Authorization: Basic ", "\r\nHost: example.org"],
  ["![", "](/a.png)"],
  ["export KEY='", "'\n"],
  ['const key = "', '";'],
  ["/srv/backup/", ".tar.gz"],
  ["key: >\n  ", "\nnext: 1\n"],
  ["Zm9vYmFy", "YmFy"],
  ["61626", "7a"],
  ["x", "y"],
];

/** Those that do not end in what may be digits of the same encoding. */
const apart = surroundings.filter(
  ([before, after]) => !/[A-Za-z0-9+/_-]$/.test(before) && !/^[A-Za-z0-9+/_-]/.test(after),
);

function filler(dice: Dice, words: number): string {
  const from = [
    "the",
    "invoice",
    "42",
    "for",
    "Müller",
    "{",
    "}",
    "\\n",
    "and",
    "http://a.b/c",
    "%20",
    "2024-01-15",
    "—",
    "ok.",
  ];
  return Array.from({ length: dice(words) }, () => pick(dice, from)).join(" ");
}

/** The hidden secret in some text. */
export function plant(value: string, how: Recipe): Planted {
  const dice = diceOf(how.seed ^ 0x5bd1e995);
  const [before, after] = pick(dice, how.steps.length > 1 ? apart : surroundings);
  const hidden = hide(value, how);
  const head = `${filler(dice, 12)}${dice(2) ? "\n" : ""}${before}`;
  const tail = `${after}${filler(dice, 12)}`;
  const none = (text: string) => Array.from({ length: text.length }, (): readonly number[] => []);
  return { text: head + textOf(hidden) + tail, marks: [...none(head), ...marksOf(hidden), ...none(tail)] };
}

/** Secrets of which some begin with, contain or are part of one another. */
export const registry: fc.Arbitrary<{ name: string; value: string }[]> = fc
  .tuple(fc.array(secretValue, { minLength: 1, maxLength: 5 }), fc.array(thousandths, { maxLength: 3 }))
  .map(([values, cuts]) => {
    const related = cuts.flatMap((cut, index) => {
      const value = Array.from(values[index % values.length] ?? "");
      const from = Math.floor((cut / 1000) * Math.max(1, value.length - 8));
      return [value.slice(0, from + 8).join(""), value.slice(from).join(""), `${value.join("")}${cut}`];
    });
    const all = [...new Set([...values, ...related])].filter((value) => Array.from(value).length >= 8);
    return all.map((value, index) => ({ name: `secret-${index}`, value }));
  });

/** How many characters of the secret can be told from what is not covered. */
export function leaked({ marks }: Planted, hits: { begin: number; end: number }[]): number {
  const told = new Set<number>();
  let next = 0;
  marks.forEach((of, unit) => {
    while ((hits[next]?.end ?? Number.POSITIVE_INFINITY) <= unit) next += 1;
    if (unit < (hits[next]?.begin ?? Number.POSITIVE_INFINITY)) for (const mark of of) told.add(mark);
  });
  return told.size;
}
