import { indexRules, type RuleIndex } from "./compiled-rules.ts";
import type { PatternSpan } from "./rule.ts";
import { patternRules } from "./rules/index.ts";
import { isSpace, leaveOpen, nothingSeen, type Scan } from "./scan.ts";
import { scanTokens } from "./scan-tokens.ts";
import { leavePhraseOpen } from "./seed-phrases.ts";
import { cutIntoTokens, maxTableLength, wipeTokens } from "./token-table.ts";

const rules = indexRules(patternRules);
const structures = new Set(patternRules.filter(({ kind }) => kind === "structure").map(({ id }) => id));
/** Shorter texts hold no secret that could be told from a word. */
const shortest = 8;
/** A candidate that is longer is data; what was held back of it is let go. */
const longestOpen = 4096;

/** The union of what overlaps, named after a vendor's rule if there is one, else after the rule that begins first. */
function union(found: PatternSpan[]): PatternSpan[] {
  if (found.length < 2) return found;
  found.sort((a, b) => a.begin - b.begin || b.end - a.end);
  const spans: PatternSpan[] = [];
  for (const span of found) {
    const last = spans.at(-1);
    if (!last || span.begin >= last.end) spans.push(span);
    else {
      if (structures.has(last.rule) && !structures.has(span.rule)) last.rule = span.rule;
      last.end = Math.max(last.end, span.end);
    }
  }
  return spans;
}

/** Where the last run of non-blanks begins: whatever it is, more of it may come. */
function lastRun(text: string): number {
  let at = text.length;
  while (at > 0 && !isSpace(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

export interface ScanResult {
  spans: PatternSpan[];
  /** What begins here or later may still change as the text goes on; at most `longestOpen` units before its end. */
  openFrom: number;
  /** Where the body of a private key begins that goes on after the end of the text; -1 if there is none. */
  openBlock: number;
  /** Units that were looked at, those of the first pass included: a few per unit of text, whatever the text. */
  steps: number;
}

/** At most `maxTableLength` units. `index` is what is looked for: all rules, but where a test leaves one out. */
export function scanText(text: string, index: RuleIndex = rules): ScanResult {
  if (text.length > maxTableLength) throw new RangeError("The text is longer than the token table.");
  const scan: Scan = {
    ...cutIntoTokens(text),
    length: text.length,
    found: [],
    open: text.length,
    openBlock: -1,
    steps: text.length,
    seen: nothingSeen(),
  };
  try {
    leaveOpen(scan, lastRun(text));
    leavePhraseOpen(scan);
    if (text.length >= shortest) scanTokens(scan, index);
  } finally {
    wipeTokens(text.length);
  }
  const spans = union(scan.found);
  // A hit that the last run touches is as undecided as that.
  for (const { begin, end } of spans) if (end > scan.open) leaveOpen(scan, begin);
  return {
    spans,
    openFrom: Math.max(scan.open, text.length - longestOpen),
    openBlock: scan.openBlock,
    steps: scan.steps,
  };
}
