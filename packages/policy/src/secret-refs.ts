/**
 * `SECRET_REF(name)` stands for a value that only the vault knows. The executor puts values in by this very pattern: what
 * is judged and what is put in must never differ.
 */
export const secretRefPattern = /SECRET_REF\(([a-z][a-z0-9_-]{0,62})\)/g;

export interface SecretRefs {
  /** In order of first appearance, each once. */
  names: string[];
  /** Something that looks like a reference and is none, such as `SECRET_REF{X}`. */
  malformed: boolean;
}

/** Finds references in any JSON value, keys included. */
export function findSecretRefs(value: unknown): SecretRefs {
  const names = new Set<string>();
  let malformed = false;
  const visit = (part: unknown): void => {
    if (typeof part === "string") {
      const rest = part.replace(secretRefPattern, (_whole, name: string) => {
        names.add(name);
        return "";
      });
      if (/secret_ref/i.test(rest)) malformed = true;
    } else if (Array.isArray(part)) part.forEach(visit);
    else if (typeof part === "object" && part !== null) {
      for (const [key, child] of Object.entries(part)) {
        visit(key);
        visit(child);
      }
    }
  };
  visit(value);
  return { names: [...names], malformed };
}

/** The word that takes a reference's place while the command is parsed: unquoted, `SECRET_REF(x)` is a syntax error. */
export const secretPlaceholder = /BERTH_SECRET_([a-z][a-z0-9_-]{0,62})_END/;

export const withPlaceholders = (text: string): string => text.replace(secretRefPattern, "BERTH_SECRET_$1_END");
