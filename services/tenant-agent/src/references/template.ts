import { secretRefPattern } from "@berth/policy";

/** A text cut at its references: `texts` has one more item than `names`, and they take turns. */
export interface Template {
  texts: string[];
  names: string[];
}

export function templateOf(text: string): Template {
  // Splitting by a pattern with one group gives texts and names in turn.
  const pieces = text.split(secretRefPattern);
  return {
    texts: pieces.filter((_, at) => at % 2 === 0),
    names: pieces.filter((_, at) => at % 2 === 1),
  };
}

/** Puts a text in the place of each reference; `at` counts them. */
export const fill = ({ texts, names }: Template, put: (name: string, at: number) => string): string =>
  texts.map((text, at) => text + (at < names.length ? put(names[at] ?? "", at) : "")).join("");
