import { fail } from "@berth/platform";
import { createRegistry, type NamedSecret, referenceTo, type Span } from "./registry.ts";
import { createSpanTracker, type SpanTracker } from "./span-tracker.ts";

export interface RedactionStream {
  /** What may be passed on of the text so far. At most the longest form of a secret is held back. */
  push(chunk: string): string;
  /** The rest. The stream can be used again afterwards, for another text. */
  end(): string;
}

/**
 * Takes known secrets out of text. This is the registry layer; a layer that knows patterns instead of values gets a
 * tracker of its own, and its spans join the registry's before the replacement.
 */
export interface Redactor {
  /** Each secret, in any of its forms, becomes `SECRET_REF(name)`; the same string comes back if there is none. */
  redactText(text: string): string;
  /** All strings, keys and numbers of a JSON value; the same object comes back if there is no secret in it. */
  redactJson<T>(value: T): T;
  stream(): RedactionStream;
  /** Where secrets are, for a caller that has to keep the pieces of the text apart. */
  tracker(): SpanTracker;
}

const maxDepth = 500;

function createStream(start: () => SpanTracker): RedactionStream {
  let tracker = start();
  let held = "";
  /** Offset of `held`'s first code unit; what is before it has been passed on or replaced. */
  let heldFrom = 0;

  const drop = (upTo: number) => {
    held = held.slice(Math.max(0, upTo - heldFrom));
    heldFrom = Math.max(heldFrom, upTo);
  };

  function release(spans: Span[], upTo: number): string {
    let out = "";
    for (const { begin, end, name } of spans) {
      out += held.slice(0, Math.max(0, begin - heldFrom)) + referenceTo(name);
      drop(end);
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

  function redactText(text: string): string {
    const stream = createStream(tracker);
    const redacted = stream.push(text) + stream.end();
    return redacted === text ? text : redacted;
  }

  function redactValue(value: unknown, depth: number): unknown {
    if (depth > maxDepth) fail("invalid_input", `The JSON is nested more than ${maxDepth} levels deep.`);
    if (typeof value === "string") return redactText(value);
    if (typeof value === "number") {
      const text = redactText(String(value));
      return text === String(value) ? value : text;
    }
    if (Array.isArray(value)) {
      const items = value.map((item) => redactValue(item, depth + 1));
      return items.every((item, at) => item === value[at]) ? value : items;
    }
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value);
    const redacted = entries.map(([key, item]) => [redactText(key), redactValue(item, depth + 1)] as const);
    const same = redacted.every(([key, item], at) => key === entries[at]?.[0] && item === entries[at]?.[1]);
    // fromEntries defines properties, so that a key called __proto__ stays a key.
    return same ? value : Object.fromEntries(redacted);
  }

  return {
    redactText,
    // Strings stay strings and containers keep their kind; only a number that is a secret changes its type.
    redactJson: <T>(value: T) => redactValue(value, 0) as T,
    stream: () => createStream(tracker),
    tracker,
  };
}
