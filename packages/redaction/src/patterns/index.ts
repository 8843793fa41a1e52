import { createPatternTracker } from "./pattern-tracker.ts";
import type { PatternSpan } from "./rule.ts";
import { scanText } from "./scan-text.ts";
import { maxTableLength } from "./token-table.ts";

export { createPatternTracker } from "./pattern-tracker.ts";
export type { PatternRule, PatternSpan } from "./rule.ts";
export { patternRules } from "./rules/index.ts";

/** Secrets in a text that nobody has told us: sorted, not overlapping, the values alone. */
export function findPatterns(text: string): PatternSpan[] {
  if (text.length <= maxTableLength) return scanText(text).spans;
  const tracker = createPatternTracker();
  return [...tracker.push(text), ...tracker.end()];
}

/**
 * The offset from which the end of a text that goes on may still become a hit: what stands before it is decided by
 * `findPatterns(text)`. Look at what follows together with 512 units of decided text before it, or use a
 * tracker, which does that. Inside a private key it is the text's length: all of it up to there is in a span.
 */
export function openPatternFrom(text: string): number {
  const from = Math.max(0, text.length - maxTableLength);
  const { openFrom, openBlock } = scanText(text.slice(from));
  return openBlock >= 0 ? text.length : from + openFrom;
}
