/** PostgreSQL stores neither U+0000 nor half of a surrogate pair, but a tool call may hold both. */
const storableText = (text: string): string => text.toWellFormed().replaceAll("\u0000", "\u2400");

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The same value with such characters replaced by visible ones: for people to read, never to hash or to run. */
export function storable<T extends Json>(value: T): T {
  const replaced = (part: Json): Json => {
    if (typeof part === "string") return storableText(part);
    if (Array.isArray(part)) return part.map(replaced);
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [storableText(key), replaced(inner)]));
  };
  return replaced(value) as T; // only characters inside of strings change, never the shape
}
