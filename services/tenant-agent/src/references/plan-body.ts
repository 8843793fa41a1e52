import { fail } from "@berth/platform";
import { jsonPlaces } from "./json-places.ts";
import { fill, type Template } from "./template.ts";
import {
  asItIs,
  type Encode,
  jsonString,
  multipartHeader,
  multipartText,
  percentEncoded,
  xmlCdata,
  xmlText,
} from "./value-encodings.ts";

/**
 * How each reference of a body is written in it, by the body's type. Without a type a body that is JSON counts as JSON.
 * Throws `invalid_input` for a place where a value could change what stands around it.
 */
export function planBody(template: Template, contentType: string | undefined): Encode[] {
  if (template.names.length === 0) return [];
  const type = contentType?.toLowerCase();
  if (type === undefined) return jsonEncodings(template) ?? template.names.map(() => asItIs);
  if (/json/.test(type)) return jsonEncodings(template, separatorOf(type)) ?? refuseJson(template);
  if (type.includes("x-www-form-urlencoded")) return template.names.map((_, at) => percentPlace(template, at));
  if (type.startsWith("multipart/")) return multipartEncodings(template, contentType ?? "");
  if (/\bxml\b/.test(type)) return template.names.map((_, at) => (inCdata(before(template, at)) ? xmlCdata : xmlText));
  return template.names.map(() => asItIs);
}

function separatorOf(type: string): string | undefined {
  if (type.includes("json-seq")) return "\u001e";
  return /ndjson|jsonl|jsonlines|json-stream/.test(type) ? "\n" : undefined;
}

const jsonEncodings = (template: Template, separator?: string): Encode[] | null =>
  jsonPlaces(template, separator)?.map(({ depth, quoted }) => jsonString(depth, quoted)) ?? null;

const refuseJson = ({ names }: Template): never =>
  fail(
    "invalid_input",
    `The body is not the JSON that its content type promises, so SECRET_REF(${names[0]}) has no safe place in it. Write it inside a string: {"key": "SECRET_REF(${names[0]})"}.`,
  );

/** A percent sign right before would take the value's first characters for its own. */
export const percentPlace = (template: Template, at: number): Encode =>
  /%[0-9a-f]?$/i.test(template.texts[at] ?? "")
    ? fail("invalid_input", `SECRET_REF(${template.names[at]}) cannot stand right after a percent sign.`)
    : percentEncoded;

/** All that stands before a reference; those before it as they were written. */
const before = ({ texts, names }: Template, at: number): string =>
  fill({ texts: texts.slice(0, at + 1), names: names.slice(0, at) }, (name) => `SECRET_REF(${name})`);

const inCdata = (text: string): boolean => text.lastIndexOf("<![CDATA[") > text.lastIndexOf("]]>");

function multipartEncodings(template: Template, contentType: string): Encode[] {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain ?? "";
  return template.names.map((_, at) => {
    const part = before(template, at).split(`--${boundary}`).at(-1) ?? "";
    return /\r?\n\r?\n/.test(part) ? multipartText(boundary) : multipartHeader;
  });
}
