/** Keys whose strings are structure, not speech: changing one would break the transcript. */
const structural = new Set([
  "role",
  "type",
  "id",
  "toolCallId",
  "toolName",
  "api",
  "provider",
  "model",
  "stopReason",
  "responseId",
  "idempotencyKey",
  "thinkingSignature",
  "textSignature",
  "signature",
  "mimeType",
]);

/** All strings inside a JSON value that may hold speech or output, in a fixed order. */
export function collectTexts(value: unknown): string[] {
  const texts: string[] = [];
  mapTexts(value, (text) => {
    texts.push(text);
    return text;
  });
  return texts;
}

/** The same value with its texts replaced, in the order of `collectTexts`; keys of objects stay as they are. */
export function replaceTexts<T>(value: T, texts: readonly string[]): T {
  let next = 0;
  return mapTexts(value, () => {
    const text = texts[next++];
    if (text === undefined) throw new Error("fewer texts than places");
    return text;
  }) as T; // mapTexts keeps the shape and changes strings to strings only
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return value === "" ? value : change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== "object" || value === null) return value;
  const isCall = "type" in value && value.type === "toolCall";
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => {
      const keep = typeof child === "string" && (structural.has(key) || (isCall && key === "name"));
      return [key, keep ? child : mapTexts(child, change)];
    }),
  );
}

const withheldText = "[withheld: this text could not be checked for secrets]";

/** What is kept when the redactor cannot be asked. */
export const withholdTexts = <T>(value: T): T =>
  replaceTexts(
    value,
    collectTexts(value).map(() => withheldText),
  );
