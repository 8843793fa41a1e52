export type Json = Record<string, unknown>;
/** What may hold a leaf of a JSON value. */
export type Holder = Json | unknown[];
export type Path = (string | number)[];

export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isHolder = (value: unknown): value is Holder => typeof value === "object" && value !== null;

export const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);

/** A count as a provider sends it, or undefined for anything that is not one. */
export const countOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

export function leafAt(value: unknown, path: Path): unknown {
  let at: unknown = value;
  // The keys of a list are numbers, those of an object strings; what is neither has no leaf.
  for (const key of path) at = isHolder(at) ? (at as Json)[key as string] : undefined;
  return at;
}

/** Defined, not assigned: a key may be called `__proto__`. */
export function setIn(holder: Holder, key: string | number, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
  } else (holder as Json)[key as string] = value;
}

export function setLeaf(value: unknown, path: Path, leaf: unknown): void {
  const holder = leafAt(value, path.slice(0, -1));
  const key = path.at(-1);
  if (isHolder(holder) && key !== undefined) setIn(holder, key, leaf);
}

export function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Every string leaf below `value`, by path. */
export function stringPaths(value: unknown, path: Path): Path[] {
  if (typeof value === "string") return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => stringPaths(item, [...path, index]));
  if (!isJson(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => stringPaths(item, [...path, key]));
}
