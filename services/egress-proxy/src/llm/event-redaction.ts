import { type Hit, type Redactor, replacementFor, type SpanTracker } from "@berth/redaction";
import type { Frame } from "./frames.ts";
import { type Json, leafAt, type Path, setLeaf } from "./json.ts";
import { redactAnswer } from "./redact-answer.ts";
import { redactShort } from "./redact-short.ts";
import { spoiledSignature } from "./spoiled-signature.ts";
import type { WireFormat } from "./wire-format.ts";

/** A running text of the answer, across the frames that carry pieces of it. */
interface RunningText {
  tracker: SpanTracker;
  length: number;
  spans: Hit[];
  ended: boolean;
}

interface Piece {
  path: Path;
  /** As it came; `text` differs where it is a signature that counts no more. */
  original: string;
  text: string;
  from: number;
  running: RunningText;
}

/** A frame that was taken in: its pieces are cut out of `rest`, which is already without secrets. */
interface Held {
  frame: Frame;
  json: Json | null;
  rest: unknown;
  pieces: Piece[];
  ending: "last" | "closing" | null;
}

export interface ReadyFrame {
  text: string;
  /** After this one the client takes the answer for complete. A closing one comes with `end()` if nothing follows it. */
  last: boolean;
}

export interface EventRedaction {
  /** `json` is the frame's data where it is an object; it is changed. Gives the frames that may be passed on, in order. */
  push(frame: Frame, json: Json | null): ReadyFrame[];
  end(): ReadyFrame[];
}

const heldCharsMax = 8 * 1024 * 1024;

/** The piece without what spans cover of it; a reference stands where its span begins. */
function redactedPiece({ text, from, running }: Piece): string {
  let out = "";
  let done = 0;
  for (const hit of running.spans) {
    const [first, last] = [hit.begin - from, hit.end - from];
    if (last <= 0 || first >= text.length) continue;
    if (first >= 0) out += text.slice(done, first) + replacementFor(hit);
    done = Math.max(done, Math.min(last, text.length));
  }
  return done === 0 ? text : out + text.slice(done);
}

const isDecided = ({ from, text, running }: Piece): boolean =>
  running.ended || text.length === 0 || running.tracker.resolvedTo() >= from + text.length;

class StreamRedaction implements EventRedaction {
  readonly #redactor: Redactor;
  readonly #format: WireFormat;
  readonly #texts = new Map<string, RunningText>();
  /** Keys of running texts from which a secret was taken. */
  readonly #spoiled = new Set<string>();
  readonly #queue: Held[] = [];
  #heldChars = 0;

  constructor(redactor: Redactor, format: WireFormat) {
    // What a model writes comes here, and what leaves is looked through for patterns: there is nothing for them here.
    this.#redactor = redactor.withoutPatterns;
    this.#format = format;
  }

  push(frame: Frame, json: Json | null): ReadyFrame[] {
    const ending = this.#format.ending(frame.data ?? "", json);
    const signatures = json ? this.#format.signatures(json) : [];
    const pieces = json ? this.#format.streamedTexts(json).map(({ key, path }) => this.#pieceOf(json, key, path)) : [];
    for (const { path } of pieces) setLeaf(json, path, "");
    const rest = json ? redactAnswer(json, this.#redactor, this.#format.signed) : null;
    this.#queue.push({ frame, json, rest, pieces, ending });
    this.#heldChars += frame.raw.length;
    for (const { path, covers } of signatures) this.#checkSignature(path, covers, pieces);
    for (const prefix of json ? this.#format.endsTexts(json) : []) this.#endTexts(prefix);
    if (ending === "last") this.#endTexts("");
    return this.#ready(false);
  }

  end(): ReadyFrame[] {
    this.#endTexts("");
    return this.#ready(true);
  }

  #pieceOf(json: Json, key: string, path: Path): Piece {
    const text = String(leafAt(json, path));
    const running = this.#texts.get(key) ?? { tracker: this.#redactor.tracker(), length: 0, spans: [], ended: false };
    this.#texts.set(key, running);
    const from = running.length;
    running.length += text.length;
    this.#found(key, running, running.tracker.push(text));
    return { path, original: text, text, from, running };
  }

  #found(key: string, running: RunningText, hits: Hit[]): void {
    if (hits.length === 0) return;
    running.spans.push(...hits);
    this.#spoiled.add(key);
  }

  #endTexts(prefix: string): void {
    for (const [key, running] of this.#texts) {
      if (!key.startsWith(prefix)) continue;
      this.#found(key, running, running.tracker.end());
      running.ended = true;
      this.#texts.delete(key);
    }
  }

  /** The signature comes after the text that it covers, so that text is decided now: nothing of it can still follow. */
  #checkSignature(path: Path, covers: string, pieces: Piece[]): void {
    this.#endTexts(covers);
    const signature = pieces.find((piece) => piece.path.join() === path.join());
    if (!signature || ![...this.#spoiled].some((key) => key.startsWith(covers))) return;
    signature.running = { ...signature.running, spans: [], ended: true };
    signature.text = spoiledSignature;
    signature.from = 0;
  }

  #ready(ended: boolean): ReadyFrame[] {
    const out: ReadyFrame[] = [];
    while (this.#queue.length > 0) {
      const [next] = this.#queue;
      if (!next?.pieces.every(isDecided)) break;
      if (next.ending === "closing" && !ended && !this.#isFollowed()) break;
      this.#queue.shift();
      this.#heldChars -= next.frame.raw.length;
      out.push({ text: this.#render(next), last: next.ending === "last" });
      // Spans that end before this piece cannot reach a later one.
      for (const { running, from } of next.pieces) {
        if (running.spans.length > 0) running.spans = running.spans.filter(({ end }) => end > from);
      }
    }
    if (this.#heldChars > heldCharsMax) throw new RangeError("too much of the answer may be one secret");
    return out;
  }

  /** Numbers that come after a closing frame still count, so it waits until something follows, or nothing does. */
  #isFollowed(): boolean {
    return this.#queue.some(({ json }, at) => at > 0 && json !== null);
  }

  /** A frame without secrets comes out byte for byte; one with secrets comes out as valid SSE and JSON. */
  #render({ frame, json, rest, pieces }: Held): string {
    if (!json) return redactShort(this.#redactor, frame.raw);
    const around = frame.around.map((line) => redactShort(this.#redactor, line));
    const texts = pieces.map(redactedPiece);
    const same =
      rest === json &&
      pieces.every(({ original }, at) => original === texts[at]) &&
      around.every((line, at) => line === frame.around[at]);
    if (same) return frame.raw;
    pieces.forEach(({ path }, at) => {
      setLeaf(rest, path, texts[at]);
    });
    return frame.withData(JSON.stringify(rest), around);
  }
}

export const createEventRedaction = (options: { redactor: Redactor; format: WireFormat }): EventRedaction =>
  new StreamRedaction(options.redactor, options.format);
