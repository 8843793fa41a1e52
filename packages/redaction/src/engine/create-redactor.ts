import { redactJson } from "../redact-json.ts";
import { redactSegments } from "../redact-segments.ts";
import type { Redactor } from "../redactor.ts";
import { replaceHits } from "../replacement.ts";
import { patternLayer } from "./pattern-layer.ts";
import { createStream } from "./redaction-stream.ts";
import { createRegistry, type NamedSecret } from "./registry.ts";
import { type Found, Search } from "./search.ts";
import { createSpanTracker } from "./span-tracker.ts";
import { uniteHits } from "./unite-hits.ts";
import { coverWholeCharacters } from "./whole-characters.ts";

type Find = (text: string, open: boolean) => Found;

function findWith(search: Search): Find {
  return (text, open) => {
    const { hits, openFrom } = search.run(text, open);
    return { hits: hits.length === 0 ? hits : uniteHits(hits.map((hit) => coverWholeCharacters(text, hit))), openFrom };
  };
}

function redactorOf(find: Find, withoutPatterns: Redactor | null, findPlain: Find): Redactor {
  const redactText = (text: string): string => replaceHits(text, find(text, false).hits);
  const tracker = () => createSpanTracker(find);
  const redactor: Redactor = {
    redactText,
    // Only a number that is a secret changes its type.
    redactJson: <T>(value: T) => redactJson(value, redactText) as T,
    redactSegments: (segments) =>
      redactSegments(segments, (text, patterns) => (patterns ? find : findPlain)(text, true)),
    find: (text) => find(text, false).hits,
    stream: () => createStream(tracker),
    tracker,
    get withoutPatterns() {
      return withoutPatterns ?? redactor;
    },
  };
  return redactor;
}

/**
 * `secrets` may come in any order; empty values are left out. Build it anew when they change. With `patterns` (the default)
 * what looks like a secret goes as well.
 */
export function createRedactor(secrets: NamedSecret[], { patterns = true }: { patterns?: boolean } = {}): Redactor {
  const registry = createRegistry(secrets.filter(({ value }) => value.length > 0));
  const plain = findWith(new Search(registry, null));
  const withoutPatterns = redactorOf(plain, null, plain);
  return patterns ? redactorOf(findWith(new Search(registry, patternLayer)), withoutPatterns, plain) : withoutPatterns;
}
