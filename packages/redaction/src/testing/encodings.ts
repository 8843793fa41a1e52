import { gzipSync } from "node:zlib";
import {
  type Atom,
  bytesOf,
  type Carrier,
  type Dice,
  type MarkedByte,
  pick,
  textOf,
  union,
  utf16BytesOf,
} from "./carrier.ts";

type Encode = (carrier: Carrier, dice: Dice) => Carrier;

const hex2 = (byte: number): string => byte.toString(16).padStart(2, "0");
const unmarked = (text: string): Carrier => Array.from(text, (each) => ({ text: each, marks: [] }));

function base64Of(bytes: MarkedByte[]): Carrier {
  const text = Buffer.from(bytes.map(({ byte }) => byte)).toString("base64");
  return Array.from(text, (digit, index) => {
    const first = Math.floor((index * 6) / 8);
    const last = Math.floor((index * 6 + 5) / 8);
    return { text: digit, marks: digit === "=" ? [] : union(bytes.slice(first, last + 1).map(({ marks }) => marks)) };
  });
}

const urlDigit: Record<string, string> = { "+": "-", "/": "_" };
const toUrl = (carrier: Carrier): Carrier =>
  carrier.filter(({ text }) => text !== "=").map(({ text, marks }) => ({ text: urlDigit[text] ?? text, marks }));

const hexOf = (bytes: MarkedByte[], upper: boolean): Carrier =>
  bytes.flatMap(({ byte, marks }) =>
    Array.from(upper ? hex2(byte).toUpperCase() : hex2(byte), (text) => ({ text, marks })),
  );

const between = (carrier: Carrier, every: number, sign: string): Carrier =>
  carrier.flatMap(
    (atom, index): Carrier => (index > 0 && index % every === 0 ? [{ text: sign, marks: [] }, atom] : [atom]),
  );

/** Encodes characters one by one, those of earlier escapes too: such an escape stays one atom. */
const each =
  (encode: (atom: Atom, dice: Dice) => string | null): Encode =>
  (carrier, dice) =>
    carrier.map(({ text, marks }) => ({
      text: Array.from(text, (char) => encode({ text: char, marks }, dice) ?? char).join(""),
      marks,
    }));

const percent = (text: string, upper: boolean): string =>
  [...Buffer.from(text, "utf8")].map((byte) => `%${upper ? hex2(byte).toUpperCase() : hex2(byte)}`).join("");
const unitEscapes = (text: string, write: (unit: number) => string): string =>
  Array.from({ length: text.length }, (_, index) => write(text.charCodeAt(index))).join("");
const jsonUnit = (unit: number): string => `\\u${unit.toString(16).padStart(4, "0")}`;

/** Decoders that read the whole text: what is inside goes in as it is, escapes and all. */
export const byteEncodings: Record<string, Encode> = {
  base64: (carrier) => base64Of(bytesOf(carrier)),
  base64url: (carrier) => toUrl(base64Of(bytesOf(carrier))),
  "base64 inside": (carrier, dice) => {
    const before = unmarked(pick(dice, ["a:", "user:", "admin@example.org:", "ab", "x"]));
    return base64Of(bytesOf([...before, ...carrier, ...unmarked(pick(dice, ["", "\n", "!", "ab", " end"]))]));
  },
  hex: (carrier) => hexOf(bytesOf(carrier), false),
  "hex upper": (carrier) => hexOf(bytesOf(carrier), true),
  "hex mixed": (carrier, dice) =>
    hexOf(bytesOf(carrier), false).map(({ text, marks }) => ({ text: dice(2) ? text.toUpperCase() : text, marks })),
  "hex in pairs": (carrier, dice) => between(hexOf(bytesOf(carrier), false), 2, pick(dice, [" ", ":", "-"])),
};

/** Only for the secret itself: they are forms of their own. */
export const innermost: Record<string, Encode> = {
  reversed: (carrier) => [...carrier].reverse(),
  "utf-16le in hex": (carrier) => hexOf(utf16BytesOf(carrier, true), false),
  "utf-16be in hex": (carrier) => hexOf(utf16BytesOf(carrier, false), true),
  "utf-16le in base64": (carrier) => base64Of(utf16BytesOf(carrier, true)),
  "utf-16be in base64": (carrier) => base64Of(utf16BytesOf(carrier, false)),
  "utf-16 in percent": (carrier, dice) =>
    utf16BytesOf(carrier, dice(2) === 0).map(({ byte, marks }) => ({ text: `%${hex2(byte)}`, marks })),
  "gzip in base64": (carrier) => {
    const text = gzipSync(textOf(carrier)).toString("base64");
    const marks = union(carrier.map((atom) => atom.marks));
    return Array.from(text, (digit) => ({ text: digit, marks: digit === "=" ? [] : marks }));
  },
  "base64 backwards": (carrier) => base64Of(bytesOf(carrier)).reverse(),
  "hex backwards": (carrier) => hexOf(bytesOf(carrier), false).reverse(),
};

/** Escapes: some or all characters become sequences that a reader undoes one by one; its own sign always does. */
export const escapes: Record<string, Encode> = {
  percent: each(({ text }) => encodeURIComponent(text.toWellFormed())),
  "percent throughout": each(({ text }, dice) => percent(text, dice(2) === 0)),
  "percent at random": each(({ text }, dice) => (text === "%" || dice(3) === 0 ? percent(text, dice(2) === 0) : null)),
  "percent twice": each(({ text }) => encodeURIComponent(percent(text, true))),
  "json string": each(({ text }) => JSON.stringify(text).slice(1, -1)),
  "json with slashes": each(({ text }) => (text === "/" ? "\\/" : JSON.stringify(text).slice(1, -1))),
  "json \\u": each(({ text }) => unitEscapes(text, jsonUnit)),
  "json \\u at random": each(({ text }, dice) =>
    dice(3) === 0 ? unitEscapes(text, jsonUnit) : JSON.stringify(text).slice(1, -1),
  ),
  "json in json": each(({ text }) => JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1)),
  "json \\u in json": each(({ text }) => unitEscapes(text, (unit) => `\\${jsonUnit(unit)}`)),
  "html decimal": each(({ text }) => `&#${text.codePointAt(0)};`),
  "html hex": each(({ text }, dice) => `&#${dice(2) ? "x" : "X"}${text.codePointAt(0)?.toString(16)};`),
  "html at random": each(({ text }, dice) => (text === "&" || dice(3) === 0 ? `&#0${text.codePointAt(0)};` : null)),
  "\\u{}": each(({ text }) => `\\u{${text.codePointAt(0)?.toString(16)}}`),
  "U+": (carrier) =>
    carrier.flatMap(({ text, marks }) =>
      Array.from(text).flatMap((char) => [
        { text: `U+${char.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`, marks },
        { text: " ", marks: [] },
      ]),
    ),
  "\\U0000": each(({ text }) => `\\U${text.codePointAt(0)?.toString(16).padStart(8, "0")}`),
  "\\x": each(({ text }) => [...Buffer.from(text)].map((byte) => `\\x${hex2(byte)}`).join("")),
  "0x": (carrier, dice) =>
    bytesOf(carrier).flatMap(({ byte, marks }) => [
      { text: `0x${hex2(byte)}`, marks },
      { text: pick(dice, [", ", ",", " "]), marks: [] },
    ]),
  "quoted-printable": (carrier) => {
    let column = 0;
    return carrier.flatMap(({ text, marks }): Carrier => {
      const out = text.replace(/[^ -<>-~]/gu, (char) => percent(char, true).replaceAll("%", "="));
      column += out.length;
      if (column <= 72) return [{ text: out, marks }];
      column = out.length;
      return [
        { text: "=\r\n", marks: [] },
        { text: out, marks },
      ];
    });
  },
  "quoted-printable throughout": each(({ text }) => percent(text, true).replaceAll("%", "=")),
};
