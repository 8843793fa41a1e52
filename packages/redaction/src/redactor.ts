import type { Hit } from "./hit.ts";
import type { SpanTracker } from "./span-tracker.ts";

/** One of the texts of a request, in the order in which a reader meets them. */
export interface Segment {
  text: string;
  /** Number of the message it belongs to; grows along the list. */
  group: number;
  /** False for ids, signatures and image data, where whatever looks like a secret is none. Default true. */
  patterns?: boolean;
}

export interface RedactionStream {
  /** What may be passed on of the text so far; what may still become a hit is held back. */
  push(chunk: string): string;
  /** The rest. The stream can be used again afterwards, for another text. */
  end(): string;
}

/** Takes secrets out of text: those of the registry by their value, unknown ones by their looks. */
export interface Redactor {
  /** A hit becomes `SECRET_REF(name)` or `[REDACTED:rule-id]`; the same string comes back if there is none. */
  redactText(text: string): string;
  /** All strings, keys and numbers of a JSON value; the same object comes back if there is no secret in it. */
  redactJson<T>(value: T): T;
  /**
   * The texts of one request. A secret may be split over several: inside one group all its parts go, and the reference
   * stands where it begins; of one that spans groups only the part in the newest goes, so that older messages never
   * change and prompt caches stay warm.
   */
  redactSegments(segments: Segment[]): string[];
  /** Where hits are, sorted; overlapping ones are one, named by the registry's if one of them is the registry's. */
  find(text: string): Hit[];
  stream(): RedactionStream;
  /** Where hits are in a text that arrives in pieces, for a caller that has to keep the pieces apart. */
  tracker(): SpanTracker;
  /** The same without the pattern layer: for ids, signatures, image data. */
  withoutPatterns: Redactor;
}
