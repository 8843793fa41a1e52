import { Automaton } from "./automaton.ts";
import { referenceTo } from "./replacement.ts";
import { formsOf } from "./secret-forms.ts";

export interface NamedSecret {
  name: string;
  value: string;
}

/** What is looked for: all forms of all secrets, and the references themselves, which stay as they are. */
export interface Registry {
  automaton: Automaton;
  /** Label -> name; labels from `names.length` on are references. */
  names: string[];
}

/** Sorted by name, so that the order in which secrets arrive never changes a replacement (prompt caches stay warm). */
export function createRegistry(secrets: NamedSecret[]): Registry {
  const sorted = [...secrets].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const names = [...new Set(sorted.map(({ name }) => name))];
  const labels = new Map(names.map((name, label) => [name, label]));
  function* patterns() {
    for (const name of names) yield { text: referenceTo(name), label: names.length };
    for (const { name, value } of sorted) {
      for (const text of formsOf(value)) yield { text, label: labels.get(name) ?? 0 };
    }
  }
  return { automaton: new Automaton(patterns()), names };
}
