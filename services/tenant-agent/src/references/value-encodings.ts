import { fail } from "@berth/platform";

/** Writes a value so that it stays one value where it stands. Throws `invalid_input`, never quoting it. */
export type Encode = (value: string, name: string) => string;

export const refuseValue = (name: string, why: string): never =>
  fail("invalid_input", `SECRET_REF(${name}) cannot be used here: ${why}.`);

export const asItIs: Encode = (value) => value;

/** RFC 3986 §2.3: everything but the unreserved characters, as UTF-8. */
export const percentEncoded: Encode = (value) =>
  encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** RFC 9110 §5.5: visible ASCII with blanks between; a line break would begin another header. */
export const headerValue: Encode = (value, name) =>
  /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/.test(value)
    ? value
    : refuseValue(
        name,
        "its value has line breaks, letters outside ASCII or blanks at an end, which no header can carry",
      );

/** RFC 9110 §5.6.2. */
export const headerName: Encode = (value, name) =>
  /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(value)
    ? value
    : refuseValue(name, "its value has characters that the name of a header cannot hold");

const jsonEscaped = (value: string): string => JSON.stringify(value).slice(1, -1);

/** `depth`: in how many JSON strings, one inside the other. */
export const jsonString =
  (depth: number, quoted: boolean): Encode =>
  (value, name) => {
    if (quoted && jsonEscaped(value) !== value)
      refuseValue(name, "its value has quotes or line breaks and would end the quoted text; pass it as a variable");
    let text = value;
    for (let level = 0; level < depth; level += 1) text = jsonEscaped(text);
    return text;
  };

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

export const xmlText: Encode = (value) => value.replace(/[&<>"']/g, (char) => entities[char] ?? char);

/** Inside `<![CDATA[…]]>` nothing is escaped, and nothing can be. */
export const xmlCdata: Encode = (value, name) =>
  value.includes("]]>") ? refuseValue(name, "its value would end the CDATA section") : value;

/** RFC 7578: raw, but a value with the boundary in it would end its part. */
export const multipartText =
  (boundary: string): Encode =>
  (value, name) =>
    boundary === "" || value.includes(boundary)
      ? refuseValue(name, "its value could end the part of the multipart body")
      : value;

export const multipartHeader: Encode = (value, name) =>
  /[\r\n"]/.test(value) ? refuseValue(name, "its value has quotes or line breaks, in a header of a part") : value;
