import { fail } from "@berth/platform";
import type { Redactor } from "@berth/redaction";
import { isHolder, type Json, setIn } from "./json.ts";
import { redactShort } from "./redact-short.ts";
import { type RequestText, type RequestTexts, requestTexts } from "./request-texts.ts";
import { spoiledSignature } from "./spoiled-signature.ts";
import type { WireFormat } from "./wire-format.ts";

interface Change {
  at: RequestText;
  text: string;
}

function changesOf({ spoken, apart }: RequestTexts, redactor: Redactor): Change[] {
  const changes: Change[] = [];
  redactor.redactSegments(spoken).forEach((text, index) => {
    const at = spoken[index];
    if (at && text !== at.text) changes.push({ at, text });
  });
  for (const at of apart) {
    const text = redactShort(at.patterns ? redactor : redactor.withoutPatterns, at.text);
    if (text !== at.text) changes.push({ at, text });
  }
  return changes;
}

const signedOf = (changes: Change[]): Set<Json> => new Set(changes.flatMap(({ at }) => (at.signed ? [at.signed] : [])));

/** Parts whose text this proxy changed in an answer: their signature says so. */
const spoiledIn = ({ apart }: RequestTexts): Set<Json> =>
  new Set(apart.flatMap(({ text, signed }) => (signed && text === spoiledSignature ? [signed] : [])));

function renameFields(value: unknown, redactor: Redactor): unknown {
  if (!isHolder(value)) return value;
  if (Array.isArray(value)) return value.map((item) => renameFields(item, redactor));
  // fromEntries defines properties, so that a field called __proto__ stays a field.
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [redactShort(redactor, name), renameFields(item, redactor)]),
  );
}

/**
 * Takes all secrets out of a request, in place; gives the body to send. Every string, number and field name is looked
 * through. Signed parts that hold a secret are left out where the API allows it; else this throws `invalid_input`.
 */
export function redactRequest(format: WireFormat, body: Json, redactor: Redactor): { body: Json; redacted: boolean } {
  let texts = requestTexts(format, body);
  let changes = changesOf(texts, redactor);
  const dropped = new Set([...signedOf(changes), ...spoiledIn(texts)]);
  if (dropped.size > 0) {
    format.signed.drop(body, dropped);
    texts = requestTexts(format, body);
    changes = changesOf(texts, redactor);
    if (signedOf(changes).size > 0) {
      fail(
        "invalid_input",
        "A signed part of the request holds a secret and cannot be taken out. Start a new conversation.",
      );
    }
  }
  for (const { at, text } of changes) setIn(at.holder, at.key, text);
  const renamed = [...texts.names].some((name) => redactShort(redactor, name) !== name);
  return {
    // Renaming keeps the shape: an object stays one.
    body: renamed ? (renameFields(body, redactor) as Json) : body,
    redacted: renamed || changes.length > 0 || dropped.size > 0,
  };
}
