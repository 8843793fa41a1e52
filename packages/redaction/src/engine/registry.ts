import { type Matcher, MatcherDraft } from "./matcher.ts";
import { formsOf } from "./secret-forms.ts";

export interface NamedSecret {
  name: string;
  value: string;
}

/** All forms of all secrets, ready to be found. */
export interface Registry {
  /** Sorted, so that the order in which secrets arrive never changes a replacement: prompt caches stay warm. */
  names: string[];
  letters: Matcher;
  /** For values with too few letters and digits to be known by them. */
  signs: Matcher | null;
  /** Values that hardly have anything to go by, such as seven blanks: looked for as they are. */
  exact: { text: string; secret: number }[];
}

export function createRegistry(secrets: NamedSecret[]): Registry {
  const sorted = [...secrets].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const letters = new MatcherDraft("letters");
  const signs = new MatcherDraft("signs");
  const exact: Registry["exact"] = [];
  sorted.forEach(({ value }, secret) => {
    for (const form of formsOf(value)) {
      if (letters.add(form, secret)) continue;
      const url = { ...form, text: form.text.replaceAll("+", "-").replaceAll("/", "_") };
      const found = signs.add(form, secret) && (!form.base64 || url.text === form.text || signs.add(url, secret));
      if (!found && form.literal) exact.push({ text: form.text, secret });
    }
  });
  return {
    names: sorted.map(({ name }) => name),
    letters: letters.build(),
    signs: signs.isEmpty ? null : signs.build(),
    exact,
  };
}
