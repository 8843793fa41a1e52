import type { Hit } from "../hit.ts";
import type { Found } from "./search.ts";

/** Finds the hits of one text that arrives in pieces. Offsets count code units from its beginning. */
export interface SpanTracker {
  /** Hits that are now final, in order, never overlapping; they end at or before `resolvedTo()`. */
  push(chunk: string): Hit[];
  /** No more text comes: the hits that were still open. */
  end(): Hit[];
  /** Text before this offset is decided: in a returned hit or free of secrets. */
  resolvedTo(): number;
  /** Text before this offset is decided or certainly inside the hit that is still open: nobody needs it any more. */
  coveredTo(): number;
}

/** Decided text that is read again with what follows, for the look of things: an assignment's left side, a line's begin. */
const context = 1024;

/** `find` answers hits that are united and sorted. */
export function createSpanTracker(find: (text: string, open: boolean) => Found): SpanTracker {
  let held = "";
  /** Offset of the first unit of `held`. */
  let heldFrom = 0;
  let safe = 0;
  let open: Hit | null = null;

  /** Adds what was found to the open hit or after it; answers what can grow no more. */
  function take(hits: Hit[], safeNow: number): Hit[] {
    const closed: Hit[] = [];
    for (const hit of hits) {
      const begin = Math.max(hit.begin + heldFrom, open ? open.begin : safe);
      const end = hit.end + heldFrom;
      if (end <= (open ? Math.min(open.end, safe) : safe) || begin >= safeNow) continue;
      if (open && begin < open.end) {
        const isSame = hit.begin + heldFrom === open.begin;
        open = { ...(isSame ? hit : open), begin: open.begin, end: Math.max(open.end, end) };
        continue;
      }
      if (open) closed.push(open);
      open = { ...hit, begin, end };
    }
    if (open && open.end <= safeNow) {
      closed.push(open);
      open = null;
    }
    safe = safeNow;
    return closed;
  }

  const coveredTo = () => (open ? Math.min(open.end, safe) : safe);
  return {
    push(chunk) {
      held += chunk;
      const { hits, openFrom } = find(held, true);
      const closed = take(hits, Math.max(safe, heldFrom + openFrom));
      const drop = Math.max(0, coveredTo() - context - heldFrom);
      held = held.slice(drop);
      heldFrom += drop;
      return closed;
    },
    end() {
      const end = heldFrom + held.length;
      return take(find(held, false).hits, end);
    },
    resolvedTo: () => (open ? Math.min(open.begin, safe) : safe),
    coveredTo,
  };
}
