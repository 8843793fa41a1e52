/**
 * A text cut into tokens: runs of A-Z a-z 0-9 _ - + / ~. One pass without a branch that depends on the text, as
 * mispredicted branches at word borders would cost more than all the rest (2 ns a unit instead of 5, measured).
 */
export interface TokenTable {
  text: string;
  /** The text's code units, followed by a zero. */
  units: Uint16Array;
  /** Token `j` is `bounds[2j]` to `bounds[2j + 1]`. */
  bounds: Int32Array;
  /** `masks[2j + 1]`: which kinds of units token `j` has, as a union of the bits below. */
  masks: Int32Array;
  count: number;
}

/** Bits 0 to 25 are the letters of either case. */
export const upper = 1 << 26;
export const digit = 1 << 27;
export const dash = 1 << 28;
export const underscore = 1 << 29;
/** One of `+ / ~`. */
export const sign = 1 << 30;
const token = 1 << 31;
/** A mask without these is made of lower-case letters alone. */
export const notLower = upper | digit | dash | underscore | sign;

/** The bits of a word's letters: a token that contains the word has them all. */
export const lettersOf = (word: string): number =>
  [...word].reduce((bits, letter) => bits | (1 << (letter.charCodeAt(0) - 97)), 0);

/** The longest text that is cut at once; 64 KB prompts fit with some context. Longer ones come in pieces. */
export const maxTableLength = 80 * 1024;

const bitsOf = new Int32Array(0x10000);
for (let letter = 0; letter < 26; letter += 1) {
  bitsOf[97 + letter] = token | (1 << letter);
  bitsOf[65 + letter] = token | (1 << letter) | upper;
}
for (let unit = 48; unit < 58; unit += 1) bitsOf[unit] = token | digit;
bitsOf[45] = token | dash;
bitsOf[95] = token | underscore;
for (const unit of [43, 47, 126]) bitsOf[unit] = token | sign;

const units = new Uint16Array(maxTableLength + 1);
const bytes = Buffer.from(units.buffer);
const bounds = new Int32Array(maxTableLength + 2);
const masks = new Int32Array(maxTableLength + 2);

function cut(length: number): number {
  let edges = 0;
  let inside = 0;
  let mask = 0;
  for (let at = 0; at < length; at += 1) {
    const bits = bitsOf[units[at] as number] as number;
    const isToken = bits >>> 31;
    bounds[edges] = at;
    masks[edges] = mask;
    edges += isToken ^ inside;
    inside = isToken;
    mask = (mask & -isToken) | bits;
  }
  bounds[edges] = length;
  masks[edges] = mask;
  return (edges + inside) >>> 1;
}

/** Cuts `text` (at most `maxTableLength` units). There is one table: it holds until the next call or `wipe`. */
export function cutIntoTokens(text: string): TokenTable {
  bytes.write(text, 0, "utf16le");
  units[text.length] = 0;
  return { text, units, bounds, masks, count: cut(text.length) };
}

/** Text that went through here may hold secrets, so nothing of it stays in the table. */
export function wipeTokens(length: number): void {
  units.fill(0, 0, length);
}
