import { fill, type Template } from "./template.ts";

/** How deep a reference stands: 1 in a JSON string, 2 in a JSON string within one, and so on. */
export interface JsonPlace {
  depth: number;
  /** Stands between quotes of another language inside the string, such as GraphQL's, whose escapes nobody knows. */
  quoted: boolean;
}

/**
 * Where in a JSON text the references stand; null if it is not JSON with every reference inside a string. `separator`:
 * between several JSON values, `\n` in NDJSON and U+001E in sequences (RFC 7464).
 */
export function jsonPlaces(template: Template, separator?: string): JsonPlace[] | null {
  const tag = freeTag(template);
  const text = fill(template, (_name, at) => `${tag}${at}z`);
  const documents = separator ? text.split(separator).filter((line) => line.trim() !== "") : [text];
  const found = new Map<number, JsonPlace>();
  for (const document of documents) {
    const value = parsed(document);
    if (value === undefined) return null;
    look(value, 1, { tag, found });
  }
  // A key that stands twice loses its first value in the parser; where that one stood is then not known.
  const places = template.names.map((_, at) => found.get(at));
  return places.every((place) => place !== undefined) ? places : null;
}

/** Begins with a letter that is no hexadecimal digit and no escape: after a backslash it makes the text invalid. */
function freeTag({ texts }: Template): string {
  let tag = "zref";
  while (texts.some((text) => text.includes(tag))) tag += "z";
  return tag;
}

interface Search {
  tag: string;
  found: Map<number, JsonPlace>;
}

function look(value: unknown, depth: number, search: Search): void {
  if (typeof value === "string") lookInText(value, depth, search);
  else if (Array.isArray(value)) for (const item of value) look(item, depth, search);
  else if (typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      lookInText(key, depth, search);
      look(child, depth, search);
    }
  }
}

function lookInText(text: string, depth: number, search: Search): void {
  if (!text.includes(search.tag)) return;
  const inner = /^\s*[[{"]/.test(text) ? parsed(text) : undefined;
  if (inner !== undefined) {
    look(inner, depth + 1, search);
    return;
  }
  for (const match of text.matchAll(new RegExp(`${search.tag}(\\d+)z`, "g"))) {
    const before = text.slice(0, match.index).replace(/\\./gs, "");
    const quoted = (before.match(/"/g)?.length ?? 0) % 2 === 1;
    search.found.set(Number(match[1]), { depth, quoted });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
