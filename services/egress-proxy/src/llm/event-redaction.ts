import { type Hit, type Redactor, replacementFor, type SpanTracker } from "@berth/redaction";
import { isJson, type Json, type Provider } from "./provider.ts";
import type { SseEvent } from "./sse.ts";

/** A running text of the answer, across the events that carry pieces of it. */
interface RunningText {
  tracker: SpanTracker;
  length: number;
  spans: Hit[];
  ended: boolean;
}

interface Piece {
  path: (string | number)[];
  text: string;
  from: number;
  running: RunningText;
}

interface Held {
  event: SseEvent;
  json: Json | null;
  pieces: Piece[];
}

export interface ReadyEvent {
  text: string;
  /** After this one the client takes the answer for complete. */
  last: boolean;
}

export interface EventRedaction {
  /** The events that may be passed on now, in order. An event waits while its text may be the start of a secret. */
  push(event: SseEvent): ReadyEvent[];
  end(): ReadyEvent[];
}

const heldCharsMax = 8 * 1024 * 1024;

function leafAt(json: unknown, path: (string | number)[]): unknown {
  // A path of `streamedTexts` leads through containers only.
  return path.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)?.[key], json);
}

function setLeaf(json: Json, path: (string | number)[], text: string): void {
  const holder = leafAt(json, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof holder === "object" && holder !== null && key !== undefined) {
    // Defined, not assigned: a key may be called __proto__.
    Object.defineProperty(holder, key, { value: text, enumerable: true, configurable: true, writable: true });
  }
}

/** The piece without what spans cover of it; a reference stands where its span begins. */
function redactedPiece({ text, from, running }: Piece): string {
  let out = "";
  let done = 0;
  for (const hit of running.spans) {
    const { begin, end } = hit;
    const [first, last] = [begin - from, end - from];
    if (last <= 0 || first >= text.length) continue;
    if (first >= 0) out += text.slice(done, first) + replacementFor(hit);
    done = Math.max(done, Math.min(last, text.length));
  }
  return out + text.slice(done);
}

const isDecided = ({ from, text, running }: Piece): boolean =>
  running.ended || text.length === 0 || running.tracker.resolvedTo() >= from + text.length;

function jsonOf(data: string | null): Json | null {
  try {
    const json: unknown = JSON.parse(data ?? "");
    return isJson(json) ? json : null;
  } catch {
    return null;
  }
}

/** An event without secrets comes out byte for byte; one with secrets comes out as valid SSE and JSON. */
function render({ event, json, pieces }: Held, redactor: Redactor): string {
  if (!json) return redactor.redactText(event.raw);
  const texts = pieces.map(redactedPiece);
  const blank = structuredClone(json);
  for (const { path } of pieces) setLeaf(blank, path, "");
  const rest = redactor.redactJson(blank);
  const lines = event.otherLines.map((line) => redactor.redactText(line));
  const same =
    rest === blank &&
    texts.every((text, at) => text === pieces[at]?.text) &&
    lines.every((line, at) => line === event.otherLines[at]);
  if (same) return event.raw;
  const out = structuredClone(rest);
  pieces.forEach(({ path }, at) => {
    setLeaf(out, path, texts[at] ?? "");
  });
  return `${[...lines, `data: ${JSON.stringify(out)}`].join("\n")}\n\n`;
}

export function createEventRedaction(options: { redactor: Redactor; provider: Provider }): EventRedaction {
  const { redactor, provider } = options;
  const texts = new Map<string, RunningText>();
  const queue: Held[] = [];
  let heldChars = 0;

  function endTexts(prefix: string): void {
    for (const [key, running] of texts) {
      if (!key.startsWith(prefix)) continue;
      running.spans.push(...running.tracker.end());
      running.ended = true;
      texts.delete(key);
    }
  }

  function pieceOf(json: Json, key: string, path: (string | number)[]): Piece {
    const text = String(leafAt(json, path));
    const known = texts.get(key);
    const running = known ?? { tracker: redactor.tracker(), length: 0, spans: [], ended: false };
    if (!known) texts.set(key, running);
    const from = running.length;
    running.length += text.length;
    running.spans.push(...running.tracker.push(text));
    return { path, text, from, running };
  }

  function ready(): ReadyEvent[] {
    const out: ReadyEvent[] = [];
    const nextIsDecided = () => queue[0]?.pieces.every(isDecided) ?? false;
    while (nextIsDecided()) {
      const next = queue.shift();
      if (!next) break;
      heldChars -= next.event.raw.length;
      out.push({ text: render(next, redactor), last: provider.isLast(next.event.data ?? "", next.json) });
      // Spans that end before this piece cannot reach a later one.
      for (const { running, from } of next.pieces) running.spans = running.spans.filter(({ end }) => end > from);
    }
    if (heldChars > heldCharsMax) throw new RangeError("too much of the answer may be one secret");
    return out;
  }

  return {
    push(event) {
      const json = jsonOf(event.data);
      const streamed = json ? provider.streamedTexts(json) : [];
      const pieces = json ? streamed.map(({ key, path }) => pieceOf(json, key, path)) : [];
      queue.push({ event, json, pieces });
      heldChars += event.raw.length;
      for (const prefix of json ? provider.endsTexts(json) : []) endTexts(prefix);
      if (provider.isLast(event.data ?? "", json)) endTexts("");
      return ready();
    },
    end() {
      endTexts("");
      return ready();
    },
  };
}
