import { endOfBody } from "./pem.ts";
import type { PatternSpan } from "./rule.ts";
import { isSpace } from "./scan.ts";
import { scanText } from "./scan-text.ts";
import { maxTableLength } from "./token-table.ts";

/** How much of the decided text a look at the undecided one needs: names before values, the line, the address. */
const patternReach = 512;
/** The window is cut when so much of it is decided: a scan costs less than cutting it each time. */
const roomForDecided = 4 * patternReach;
const largestPiece = maxTableLength - 16 * 1024;

/** Finds the pattern spans of one text that arrives in pieces; the same spans as of the whole text at once. */
export interface PatternTracker {
  /** Spans that are now final, in order, never overlapping; they end at or before `resolvedTo()`. */
  push(chunk: string): PatternSpan[];
  /** No more text comes: the spans that were still open. */
  end(): PatternSpan[];
  /** Text before this offset (code units from the start) is decided: in a returned span or free of secrets. */
  resolvedTo(): number;
  /** Text before this offset is decided or certainly inside the private key that is still open: nobody needs it any more. */
  coveredTo(): number;
}

/** Holds back 4 KB at most, whatever comes; a private key is redacted as it comes. */
export function createPatternTracker(): PatternTracker {
  let window = "";
  /** Offset of `window`'s first unit. */
  let base = 0;
  let resolved = 0;
  /** Where the open private key begins, -1 if none is open, and how far its body is known. */
  let block = -1;
  let covered = 0;

  function cutTo(at: number): void {
    window = window.slice(at - base);
    base = at;
  }

  function followBlock(final: boolean): PatternSpan[] {
    const { end, open } = endOfBody(window, covered - base);
    if (open && !final) {
      // The last line may turn out to be a field, or the footer.
      const line = window.lastIndexOf("\n");
      covered = Math.max(covered, window.length - line > 200 ? base + end : base + line + 1);
      cutTo(covered);
      return [];
    }
    const span = { begin: block, end: base + end, rule: "private-key-block" };
    block = -1;
    resolved = span.end;
    covered = span.end;
    return [span, ...look(final)];
  }

  function look(final: boolean): PatternSpan[] {
    const { spans, openFrom, openBlock } = scanText(window);
    const safe = base + (final ? window.length : openBlock >= 0 ? Math.min(openFrom, openBlock) : openFrom);
    const closed: PatternSpan[] = [];
    for (const { begin, end, rule } of spans) {
      if (base + end <= resolved || base + end > safe) continue;
      closed.push({ begin: Math.max(base + begin, resolved), end: base + end, rule });
    }
    resolved = Math.max(resolved, safe);
    covered = resolved;
    if (openBlock >= 0 && !final) {
      block = base + openBlock;
      resolved = block;
      covered = block;
      return [...closed, ...followBlock(false)];
    }
    if (resolved - base > roomForDecided) forget();
    return closed;
  }

  /** Cuts at a blank if there is one, so that no token loses its head. */
  function forget(): void {
    let at = resolved - base - patternReach;
    for (let back = at; back > at - patternReach; back -= 1) {
      if (!isSpace(window.charCodeAt(back))) continue;
      at = back;
      break;
    }
    cutTo(base + at);
  }

  const step = (final: boolean): PatternSpan[] => (block >= 0 ? followBlock(final) : look(final));

  return {
    push(chunk) {
      if (chunk.length <= largestPiece) {
        window += chunk;
        return step(false);
      }
      const spans: PatternSpan[] = [];
      for (let at = 0; at < chunk.length; at += largestPiece) {
        window += chunk.slice(at, at + largestPiece);
        spans.push(...step(false));
      }
      return spans;
    },
    end: () => step(true),
    resolvedTo: () => resolved,
    coveredTo: () => covered,
  };
}
