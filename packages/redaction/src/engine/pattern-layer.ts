import { findPatterns, openPatternFrom } from "../patterns/index.ts";
import { scanText } from "../patterns/scan-text.ts";
import { maxTableLength } from "../patterns/token-table.ts";
import type { PatternLayer } from "./search.ts";

/** The pattern layer as the search asks for it: hits and open end of one text in one pass. */
export const patternLayer: PatternLayer = {
  scan(text, open) {
    if (!open) return { spans: findPatterns(text), openFrom: text.length };
    if (text.length > maxTableLength) return { spans: findPatterns(text), openFrom: openPatternFrom(text) };
    const { spans, openFrom, openBlock } = scanText(text);
    // A private key that goes on is kept from its first line: without that nobody knows what the next lines are.
    return { spans, openFrom: openBlock >= 0 ? Math.min(openFrom, ...spans.map(({ begin }) => begin)) : openFrom };
  },
};
