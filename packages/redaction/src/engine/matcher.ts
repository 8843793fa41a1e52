import { type Core, createCore } from "./core.ts";
import type { SecretForm } from "./secret-forms.ts";
import { symbolString } from "./symbol-string.ts";
import { type Alphabet, symbolTables } from "./symbols.ts";

/** What is known of a form besides its symbols, which lie in the core's memory. */
export interface FormFacts {
  /** Index of the secret it belongs to. */
  secret: number;
  symbols: number;
  /** Neighbouring symbols that make a hit. */
  needed: number;
  /** The form's characters before its first and behind its last symbol. */
  lead: string;
  trail: string;
  /** All of the form, where its signs are the secret's own. */
  literal: string | null;
  base64: boolean;
  sharesBefore: boolean;
  sharesAfter: boolean;
  /** The secret itself, all digits: cells of a table must not add up to it. */
  digitsOnly: boolean;
}

/** Finds the forms of many secrets in a text that was reduced to one alphabet. */
export interface Matcher {
  core: Core;
  alphabet: Alphabet;
  facts: FormFacts[];
  /** Characters that any form has before its first symbol: so much before an open end is open, too. */
  longestLead: number;
}

/** Symbols that a hit needs at the least: with fewer, signs count as well. */
const leastSymbols: Record<Alphabet, number> = { letters: 8, signs: 6 };
/** See `core/memory.ts`: a hit holds at least gram length + stride - 1 symbols. */
const strides: Record<Alphabet, number> = { letters: 3, signs: 1 };
const bitsFor = (count: number, least: number): number => Math.max(least, Math.ceil(Math.log2(Math.max(2, count))));

/** The fewest symbols that a stretch of `window` characters holds; all of them where the form is shorter. */
function symbolsNeeded(from: number[], length: number, window: number): number {
  if (length <= window) return from.length;
  let fewest = from.length;
  let begin = 0;
  let end = 0;
  for (let at = 0; at + window <= length; at += 1) {
    while ((from[begin] ?? length) < at) begin += 1;
    while ((from[end] ?? length) < at + window) end += 1;
    fewest = Math.min(fewest, end - begin);
  }
  return fewest;
}

interface Draft {
  start: number;
  facts: FormFacts;
}

/** Collects forms, then writes them into a core. */
export class MatcherDraft {
  readonly alphabet: Alphabet;
  readonly #drafts: Draft[] = [];
  #pool = new Uint8Array(1024);
  #used = 0;

  constructor(alphabet: Alphabet) {
    this.alphabet = alphabet;
  }

  get isEmpty(): boolean {
    return this.#drafts.length === 0;
  }

  /** Answers whether every run of the form will be found: false where a stretch of it has too few symbols. */
  add(form: SecretForm, secret: number): boolean {
    const { symbols, from } = symbolString(symbolTables(this.alphabet), form.text);
    const least = leastSymbols[this.alphabet];
    if (symbols.length < least) return false;
    const needed = symbolsNeeded(from, form.text.length, form.window);
    const last = from.at(-1) ?? 0;
    const width = (form.text.codePointAt(last) ?? 0) > 0xffff ? 2 : 1;
    this.#drafts.push({
      start: this.#keep(symbols),
      facts: {
        secret,
        symbols: symbols.length,
        needed: Math.max(least, needed),
        lead: form.text.slice(0, from[0]),
        trail: form.text.slice(last + width),
        literal: form.literal ? form.text : null,
        base64: form.base64,
        sharesBefore: form.sharesBefore,
        sharesAfter: form.sharesAfter,
        digitsOnly: form.literal && from.every((at) => /[0-9]/.test(form.text.charAt(at))),
      },
    });
    return needed >= least;
  }

  #keep(symbols: number[]): number {
    const start = this.#used;
    this.#used += symbols.length;
    if (this.#used > this.#pool.length) {
      const larger = new Uint8Array(this.#used * 2);
      larger.set(this.#pool.subarray(0, start));
      this.#pool = larger;
    }
    this.#pool.set(symbols, start);
    return start;
  }

  build(): Matcher {
    const core = createCore(this.alphabet);
    const stride = strides[this.alphabet];
    this.#placeForms(core, stride);
    const entries = this.#chooseGrams(core);
    enterGrams(core, entries);
    const facts = this.#drafts.map((draft) => draft.facts);
    const longestLead = facts.reduce((longest, { lead }) => Math.max(longest, lead.length), 0);
    return { core, alphabet: this.alphabet, facts, longestLead };
  }

  #placeForms(core: Core, stride: number): void {
    const pool = core.place(this.#used + 16);
    const forms = core.place(this.#drafts.length * 24);
    const anyGramBits = bitsFor(this.#used * 8, 13);
    const anyGram = core.place(2 ** anyGramBits / 8);
    const triples = core.place(2 ** 16 / 8);
    const quads = core.place(2 ** 20 / 8);
    core.bytes().set(this.#pool.subarray(0, this.#used), pool);
    const words = core.words();
    let longest = 0;
    this.#drafts.forEach(({ start, facts }, form) => {
      words.set([start, facts.symbols, facts.needed], forms / 4 + form * 6);
      longest = Math.max(longest, facts.symbols);
    });
    core.exports.setForms(pool, forms, anyGram, anyGramBits, triples, quads, stride, longest);
  }

  /** The chosen grams, as the core wrote them. */
  #chooseGrams(core: Core): Uint32Array {
    const counterBytes = 2 ** 20 * 2;
    const knownBits = bitsFor(this.#used / 2, 8);
    const fixed = counterBytes + 2 ** knownBits * 8;
    const counters = core.scratch(fixed);
    core.bytes().fill(0, counters, counters + fixed);
    core.exports.setKnown(counters + counterBytes, knownBits);
    for (let form = 0; form < this.#drafts.length; form += 1) core.exports.countGrams(form, counters);
    let count = 0;
    this.#drafts.forEach(({ facts }, form) => {
      // Each place chosen lies behind the one before, so there are `stride` entries a symbol at the most.
      core.scratch(fixed + (count + facts.symbols * strides[this.alphabet]) * 12);
      count = core.exports.chooseGrams(form, counters, counters + fixed, count);
    });
    const first = (counters + fixed) / 4;
    return core.words().slice(first, first + count * 3);
  }
}

function enterGrams(core: Core, list: Uint32Array): void {
  const count = list.length / 3;
  const slotBits = bitsFor(count * 1.6, 6);
  const filterBits = bitsFor(count * 12, 13);
  const entries = core.place(list.byteLength);
  const slots = core.place(2 ** slotBits * 8);
  const filter = core.place(2 ** filterBits / 8);
  core.words().set(list, entries / 4);
  core.exports.setGrams(entries, slots, slotBits, filter, filterBits);
  core.exports.enterGrams(count);
}
