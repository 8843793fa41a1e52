import type { Hit } from "../hit.ts";
import type { RedactionStream } from "../redactor.ts";
import { replacementFor } from "../replacement.ts";
import type { SpanTracker } from "./span-tracker.ts";

export function createStream(start: () => SpanTracker): RedactionStream {
  let tracker = start();
  let held = "";
  /** Offset of `held`'s first code unit; what is before it has been passed on or replaced. */
  let heldFrom = 0;

  const drop = (upTo: number) => {
    held = held.slice(Math.max(0, upTo - heldFrom));
    heldFrom = Math.max(heldFrom, upTo);
  };

  function release(hits: Hit[], upTo: number): string {
    let out = "";
    for (const hit of hits) {
      out += held.slice(0, Math.max(0, hit.begin - heldFrom)) + replacementFor(hit);
      drop(hit.end);
    }
    out += held.slice(0, Math.max(0, upTo - heldFrom));
    drop(upTo);
    return out;
  }

  return {
    push(chunk) {
      held += chunk;
      const out = release(tracker.push(chunk), tracker.resolvedTo());
      // What the open hit covers is not needed, and its reference comes when it closes.
      if (tracker.coveredTo() > tracker.resolvedTo()) drop(tracker.coveredTo());
      return out;
    },
    end() {
      const out = release(tracker.end(), heldFrom + held.length);
      tracker = start();
      held = "";
      heldFrom = 0;
      return out;
    },
  };
}
