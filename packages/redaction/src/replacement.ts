import type { Hit } from "./hit.ts";

export const referenceTo = (name: string): string => `SECRET_REF(${name})`;

/** What stands in the place of a hit: the same bytes every time, so that prompt caches stay warm. */
export const replacementFor = ({ kind, name }: Pick<Hit, "kind" | "name">): string =>
  kind === "secret" ? referenceTo(name) : `[REDACTED:${name}]`;

/** `hits` are sorted and apart. The same string comes back where there is none. */
export function replaceHits(text: string, hits: Hit[]): string {
  let out = "";
  let done = 0;
  for (const hit of hits) {
    out += text.slice(done, hit.begin) + replacementFor(hit);
    done = hit.end;
  }
  return done === 0 ? text : out + text.slice(done);
}
