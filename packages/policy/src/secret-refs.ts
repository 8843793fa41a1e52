/**
 * `SECRET_REF(name)` stands for a value that only the vault knows. The executor puts values in by this very pattern: what
 * is judged and what is put in must never differ.
 */
export const secretRefPattern = /SECRET_REF\(([a-z][a-z0-9_-]{0,62})\)/g;

/**
 * What a model writes when it means a reference and misses: other brackets, blanks inside, another spelling, a variable of
 * that name. The bare word is left alone, or nobody could search for it, and so are keys such as `"secret_ref": …`.
 */
const nearMiss = /(?:\$\{?|[{%<])SECRET_REF|SECRET_REF\s*[([{<（［｛]|SECRET_REF:\s*[a-z]|(?i:secret[_-]?ref)[([{]/;
const shownChars = 40;

export interface SecretRefs {
  /** In order of first appearance, each once. */
  names: string[];
  /** Texts that look like a reference and are none, such as `SECRET_REF{X}`, each once and short enough to be shown. */
  malformed: string[];
}

/** Finds references in any JSON value, keys included. */
export function findSecretRefs(value: unknown): SecretRefs {
  const names = new Set<string>();
  const malformed = new Set<string>();
  for (const text of stringsIn(value)) {
    // A blank stays where a reference was, so that what stood around it does not become another.
    const rest = text.replace(secretRefPattern, (_whole, name: string) => {
      names.add(name);
      return "\0";
    });
    const miss = nearMiss.exec(rest);
    if (miss !== null) malformed.add(shown(rest.slice(miss.index)));
  }
  return { names: [...names], malformed: [...malformed] };
}

function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (Array.isArray(value)) for (const item of value) yield* stringsIn(item);
  else if (typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      yield key;
      yield* stringsIn(child);
    }
  }
}

/** Up to the bracket that was meant to close it, or the end of the line. */
const shown = (text: string): string =>
  /^[^\n\0]*?(?:[)\]}>）］｝]|(?=[\n\0]|$))/.exec(text.slice(0, shownChars))?.[0] ?? "";

/** The word that takes a reference's place while the command is parsed: unquoted, `SECRET_REF(x)` is a syntax error. */
export const secretPlaceholder = /BERTH_SECRET_([a-z][a-z0-9_-]{0,62})_END/;

export const withPlaceholders = (text: string): string => text.replace(secretRefPattern, "BERTH_SECRET_$1_END");
