import type { Redactor } from "@berth/redaction";
import { isJson, type Json } from "./json.ts";
import { redactShort } from "./redact-short.ts";
import { spoiledSignature } from "./spoiled-signature.ts";
import type { SignedParts } from "./wire-format.ts";

const maxDepth = 500;

/**
 * All strings, numbers and field names of a provider's answer without secrets; the same object if there are none in it.
 * A signed part that had one loses its signature. Throws `RangeError` on JSON without a bottom.
 */
export function redactAnswer(value: unknown, redactor: Redactor, signed: SignedParts, depth = 0): unknown {
  if (depth > maxDepth) throw new RangeError("the provider's answer is nested without end");
  if (typeof value === "string") return redactShort(redactor, value);
  if (typeof value === "number") {
    const text = redactShort(redactor, String(value));
    return text === String(value) ? value : text;
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => redactAnswer(item, redactor, signed, depth + 1));
    return items.every((item, at) => item === value[at]) ? value : items;
  }
  if (!isJson(value)) return value;
  let same = true;
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => {
    const entry: [string, unknown] = [redactShort(redactor, name), redactAnswer(item, redactor, signed, depth + 1)];
    same &&= entry[0] === name && entry[1] === item;
    return entry;
  });
  if (same) return value;
  const redacted: Json = Object.fromEntries(entries);
  const key = signed.signatureKey(value);
  if (key !== null) redacted[key] = spoiledSignature;
  return redacted;
}
