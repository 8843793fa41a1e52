import { Buffer } from "node:buffer";

/** Encoded forms shorter than this would match innocent text, and hold less than half of a usable secret. */
const minEncodedLength = 6;

const percentOf = (bytes: Buffer, keepUnreserved: boolean, upper: boolean): string => {
  let out = "";
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    const hex = byte.toString(16).padStart(2, "0");
    out += keepUnreserved && /[A-Za-z0-9\-_.!~*'()]/.test(char) ? char : `%${upper ? hex.toUpperCase() : hex}`;
  }
  return out;
};

/**
 * Base64 of the value wherever it stands in a longer text: only the characters that its own bytes decide, at each of the
 * three alignments, and the same with the last character (and padding) of an encoding that ends with the value.
 */
function base64Forms(bytes: Buffer): string[] {
  const forms: string[] = [];
  for (const before of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const first = Math.ceil((before * 8) / 6);
    const inner = padded.slice(first, Math.floor(((before + bytes.length) * 8) / 6));
    forms.push(inner, padded.slice(first).replace(/=+$/, ""), padded.slice(first));
  }
  return [...forms, ...forms.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"))];
}

const jsonInner = (text: string): string => JSON.stringify(text).slice(1, -1);
const asciiOnly = (text: string, upper: boolean): string =>
  text.replace(/[^\x20-\x7e]/g, (char) => {
    const hex = char.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${upper ? hex.toUpperCase() : hex}`;
  });

/** As a string inside JSON, and inside JSON that is itself a string in JSON (a tool's arguments on the OpenAI wire). */
function jsonForms(value: string): string[] {
  const once = jsonInner(value);
  const variants = [once, once.replaceAll("/", "\\/"), asciiOnly(once, false), asciiOnly(once, true)];
  return [...variants, ...variants.map(jsonInner)];
}

/** Every spelling of a secret that the registry layer looks for, the plain one first, without repetition. */
export function formsOf(value: string): string[] {
  if (value.length === 0) return [];
  const bytes = Buffer.from(value, "utf8");
  const hex = bytes.toString("hex");
  const encoded = [...base64Forms(bytes), hex, hex.toUpperCase()].filter((form) => form.length >= minEncodedLength);
  const percent = [true, false].flatMap((keep) => [percentOf(bytes, keep, true), percentOf(bytes, keep, false)]);
  const plus = percent.map((form) => form.replaceAll("%20", "+"));
  return [...new Set([value, ...jsonForms(value), ...percent, ...plus, ...encoded])];
}
