import { Buffer } from "node:buffer";
import { withoutEscapes } from "./unescape.ts";

/** Characters of a secret that make a run: a run of them is redacted even where the rest of the secret is missing. */
export const runLength = 16;

/**
 * One way in which a secret may be written that no reading of the text undoes. `window` is the length of a stretch of
 * `text` that a run of the secret is sure to fill.
 */
export interface SecretForm {
  text: string;
  window: number;
  /** Its neighbours may be digits and padding of the same base64; those next to it may hold bits of the secret. */
  base64: boolean;
  sharesBefore: boolean;
  sharesAfter: boolean;
  /** The secret as it is, or backwards: what surrounds its letters is the secret's, too. */
  literal: boolean;
}

const isAscii = (text: string): boolean => !/[\u0080-\uffff]/.test(text);
const reverse = (text: string): string => Array.from(text).reverse().join("");

function base64At(bytes: Buffer, before: number, runBytes: number): SecretForm {
  const padded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
  const end = Math.floor(((before + bytes.length) * 8) / 6);
  return {
    text: padded.slice(Math.ceil((before * 8) / 6), end),
    window: Math.floor((runBytes * 8 - 4) / 6),
    sharesBefore: before !== 0,
    sharesAfter: ((before + bytes.length) * 8) % 6 !== 0,
    base64: true,
    literal: false,
  };
}

const exact = (text: string, window: number): SecretForm => ({
  text,
  window,
  base64: false,
  sharesBefore: false,
  sharesAfter: false,
  literal: false,
});

const base64Forms = (bytes: Buffer, runBytes: number): SecretForm[] =>
  [0, 1, 2].map((before) => base64At(bytes, before, runBytes));

/** UTF-16 without the zero byte before the first or behind the last character: it is in either byte order. */
function utf16Bytes(value: string): Buffer[] {
  const little = Buffer.from(value, "utf16le");
  if (isAscii(value)) return [little.subarray(0, -1)];
  return [little, Buffer.from(little).swap16()];
}

const backwards = (form: SecretForm): SecretForm => ({
  ...form,
  text: reverse(form.text),
  sharesBefore: form.sharesAfter,
  sharesAfter: form.sharesBefore,
});

const encodedForms = (bytes: Buffer): SecretForm[] => [
  exact(bytes.toString("hex"), 2 * runLength),
  ...base64Forms(bytes, runLength),
];

/** Every form of `value` that is looked for in a text and in each decoded copy of it. */
export function formsOf(value: string): SecretForm[] {
  const bytes = Buffer.from(value, "utf8");
  const plain = { ...exact(value, runLength), literal: true };
  const encoded = encodedForms(bytes);
  const wide = utf16Bytes(value).flatMap((each) => [
    exact(each.toString("hex"), 4 * runLength - 2),
    ...base64Forms(each, 2 * runLength - 1),
  ]);
  // Encoded ASCII is decoded and read again; of other scripts the reversed value is no readable text while it is encoded.
  const reversed = isAscii(value) ? [] : encodedForms(Buffer.from(reverse(value), "utf8"));
  // A value that looks escaped itself is found in an unescaped copy only as what it would become there.
  const looks = [value, reverse(value)]
    .map((text) => ({ text, meant: withoutEscapes(text) }))
    .flatMap(({ text, meant }) => (meant === text ? [] : [{ ...exact(meant, runLength), literal: true }]));
  return [plain, backwards(plain), ...looks, ...encoded, ...encoded.map(backwards), ...reversed, ...wide];
}
