import { fail } from "@berth/platform";

const maxDepth = 500;

/**
 * Strings stay strings and containers keep their kind; only a number that is a secret changes its type. The same object
 * comes back if nothing changed. Throws `invalid_input` where the nesting has no end.
 */
export function redactJson(value: unknown, redactText: (text: string) => string, depth = 0): unknown {
  if (depth > maxDepth) fail("invalid_input", `The JSON is nested more than ${maxDepth} levels deep.`);
  if (typeof value === "string") return redactText(value);
  if (typeof value === "number") {
    const text = redactText(String(value));
    return text === String(value) ? value : text;
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => redactJson(item, redactText, depth + 1));
    return items.every((item, at) => item === value[at]) ? value : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const redacted = entries.map(([key, item]) => [redactText(key), redactJson(item, redactText, depth + 1)] as const);
  const same = redacted.every(([key, item], at) => key === entries[at]?.[0] && item === entries[at]?.[1]);
  // fromEntries defines properties, so that a key called __proto__ stays a key.
  return same ? value : Object.fromEntries(redacted);
}
