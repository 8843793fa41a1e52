import type { Hit } from "./hit.ts";
import { redactJson } from "./redact-json.ts";
import { redactSegments, type Scanner } from "./redact-segments.ts";
import type { RedactionStream, Redactor } from "./redactor.ts";
import { createRegistry, type NamedSecret } from "./registry.ts";
import { replaceHits, replacementFor } from "./replacement.ts";
import { createSpanTracker, type SpanTracker } from "./span-tracker.ts";

function createStream(start: () => SpanTracker): RedactionStream {
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
      drop(tracker.coveredTo());
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

/** `secrets` may come in any order; empty values are left out. Build it anew when they change. */
export function createRedactor(secrets: NamedSecret[]): Redactor {
  const registry = createRegistry(secrets.filter(({ value }) => value.length > 0));
  const tracker = () => createSpanTracker(registry);
  const scan: Scanner = (text) => {
    const one = tracker();
    const hits = one.push(text);
    const openFrom = one.resolvedTo();
    return { hits: [...hits, ...one.end()], openFrom };
  };
  const redactText = (text: string): string => replaceHits(text, scan(text, false).hits);

  const redactor: Redactor = {
    redactText,
    // Only a number that is a secret changes its type.
    redactJson: <T>(value: T) => redactJson(value, redactText) as T,
    redactSegments: (segments) => redactSegments(segments, scan),
    find: (text) => scan(text, false).hits,
    stream: () => createStream(tracker),
    tracker,
    get withoutPatterns() {
      return redactor;
    },
  };
  return redactor;
}
