import type { Hit } from "./hit.ts";
import type { Registry } from "./registry.ts";

/** Finds the spans of one text that arrives in pieces. */
export interface SpanTracker {
  /** Spans that are now final, in order, never overlapping; they end at or before `resolvedTo()`. */
  push(chunk: string): Hit[];
  /** No more text comes: the spans that were still open. */
  end(): Hit[];
  /** Text before this offset (code units from the start) is decided: in a returned span or free of secrets. */
  resolvedTo(): number;
  /** Text before this offset is decided or certainly inside the span that is still open: nobody needs it any more. */
  coveredTo(): number;
}

/**
 * Overlapping matches become one span: the union, named after the match that begins first (the longest of those).
 * A match inside a reference `SECRET_REF(name)` is no match, which makes redaction idempotent.
 */
export function createSpanTracker({ automaton, names }: Registry): SpanTracker {
  let state = 0;
  let position = 0;
  /** Matches that a reference or an earlier start may still swallow: all begin where the text is undecided. */
  let pending: Hit[] = [];
  let open: Hit | null = null;

  function note(): void {
    let match = automaton.longestAt(state);
    let reference = -1;
    let found: Hit | null = null;
    for (; match !== 0 && !found; match = automaton.shorterAt(match)) {
      const begin = position - automaton.depthOf(match);
      const name = names[automaton.labelAt(match)];
      if (name === undefined) reference = begin;
      else found = { begin, end: position, kind: "secret", name };
    }
    if (found) pending.push(found);
    if (reference >= 0) pending = pending.filter(({ begin }) => begin < reference);
  }

  function settle(safe: number): Hit[] {
    const closed: Hit[] = [];
    const ready = pending.filter(({ begin }) => begin < safe).sort((a, b) => a.begin - b.begin || b.end - a.end);
    pending = pending.filter(({ begin }) => begin >= safe);
    for (const span of ready) {
      if (open && span.begin < open.end) {
        open.end = Math.max(open.end, span.end);
        continue;
      }
      if (open) closed.push(open);
      open = span;
    }
    // A match yet to come begins at `safe` or later, so what ends there can grow no more.
    if (open && open.end <= safe) {
      closed.push(open);
      open = null;
    }
    return closed;
  }

  const safeNow = () => position - automaton.depthOf(state);
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; at += 1) {
        state = automaton.step(state, chunk.charCodeAt(at));
        position += 1;
        if (automaton.longestAt(state) !== 0) note();
      }
      return settle(safeNow());
    },
    end() {
      state = 0;
      return settle(position);
    },
    resolvedTo: () => (open ? Math.min(open.begin, safeNow()) : safeNow()),
    coveredTo: () => (open ? Math.min(open.end, safeNow()) : safeNow()),
  };
}
