/** A piece of text that no disguise splits: a character or a whole escape sequence, and which characters of the secret it tells of. */
export interface Atom {
  text: string;
  marks: readonly number[];
}
export type Carrier = Atom[];

/** A whole number below `sides`. */
export type Dice = (sides: number) => number;

/** The same numbers for the same seed (mulberry32). */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

export const pick = <T>(dice: Dice, from: readonly T[]): T => from[dice(from.length)] as T;

/** A secret as it is: one atom a character, marked with its place. */
export const carrierOf = (value: string): Carrier => Array.from(value, (text, index) => ({ text, marks: [index] }));

export const textOf = (carrier: Carrier): string => carrier.map(({ text }) => text).join("");

/** Marks of each code unit of the carrier's text. */
export const marksOf = (carrier: Carrier): (readonly number[])[] =>
  carrier.flatMap(({ text, marks }) => Array.from({ length: text.length }, () => marks));

export interface MarkedByte {
  byte: number;
  marks: readonly number[];
}

export const bytesOf = (carrier: Carrier): MarkedByte[] =>
  carrier.flatMap(({ text, marks }) => [...Buffer.from(text, "utf8")].map((byte) => ({ byte, marks })));

/** A zero byte of UTF-16 tells nothing of its character. */
export const utf16BytesOf = (carrier: Carrier, littleEndian: boolean): MarkedByte[] =>
  carrier.flatMap(({ text, marks }) => {
    const bytes = Buffer.from(text, "utf16le");
    if (!littleEndian) bytes.swap16();
    return [...bytes].map((byte) => ({ byte, marks: byte === 0 ? [] : marks }));
  });

export const union = (marks: (readonly number[])[]): number[] => [...new Set(marks.flat())];
