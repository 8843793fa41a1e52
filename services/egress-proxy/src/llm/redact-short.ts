import type { Redactor } from "@berth/redaction";

/** Short strings come again and again: names of fields, kinds, ids. Those found clean are not looked through twice. */
const cleanCharsMax = 64;
const cleanEntriesMax = 10_000;
const cleanOf = new WeakMap<Redactor, Set<string>>();

/** `redactText` with a memory, kept for as long as the redactor is in use. */
export function redactShort(redactor: Redactor, text: string): string {
  if (text.length > cleanCharsMax) return redactor.redactText(text);
  const known = cleanOf.get(redactor) ?? new Set<string>();
  if (known.has(text)) return text;
  const redacted = redactor.redactText(text);
  if (redacted === text) {
    if (known.size >= cleanEntriesMax) known.clear();
    known.add(text);
    cleanOf.set(redactor, known);
  }
  return redacted;
}
