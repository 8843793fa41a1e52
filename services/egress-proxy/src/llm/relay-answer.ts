import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Redactor } from "@berth/redaction";
import type { Dispatcher } from "undici";
import type { Booking } from "./booking.ts";
import { createEventRedaction, type ReadyFrame } from "./event-redaction.ts";
import type { Frame } from "./frames.ts";
import { isJson, type Json, leafAt, parsedOrUndefined } from "./json.ts";
import { createJsonArrayReader } from "./json-array.ts";
import { redactAnswer } from "./redact-answer.ts";
import { redactShort } from "./redact-short.ts";
import { createSseReader } from "./sse.ts";
import type { CallFacts, WireFormat } from "./wire-format.ts";

export interface RelayOptions {
  upstream: Dispatcher.ResponseData;
  response: ServerResponse;
  format: WireFormat;
  redactor: Redactor;
  booking: Booking;
  /** The gateway did not ask for the event with the numbers, so it does not get it. */
  hidesOwnEvent: boolean;
  signal: AbortSignal;
}

const wholeBytesMax = 64 * 1024 * 1024;
/** Belong to one connection (RFC 9110 §7.6.1), are made anew here, or are not the gateway's business. */
const headersDropped = new Set(
  (
    "connection keep-alive te trailer transfer-encoding upgrade content-length content-encoding set-cookie alt-svc " +
    "strict-transport-security"
  ).split(" "),
);

function answerHeaders(upstream: Dispatcher.ResponseData, redactor: Redactor): Record<string, string> {
  const named = String(upstream.headers.connection ?? "")
    .toLowerCase()
    .split(/\s*,\s*/);
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(upstream.headers)) {
    if (value === undefined || headersDropped.has(name) || name.startsWith("proxy-") || named.includes(name)) continue;
    const text = Array.isArray(value) ? value.join(", ") : value;
    kept[redactShort(redactor, name)] = redactShort(redactor, text);
  }
  return kept;
}

function readWhole({ body }: Dispatcher.ResponseData): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let size = 0;
  body.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > wholeBytesMax) body.destroy(new RangeError("the provider's answer is too large"));
    else chunks.push(chunk);
  });
  body.once("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)));
  body.once("error", reject);
  body.once("close", () => {
    if (!body.readableEnded) reject(new TypeError("the provider's answer broke off"));
  });
  return promise;
}

/** An answer in one piece: counted and booked, then sent; byte for byte unless a secret is in it. */
export async function relayWhole(options: RelayOptions): Promise<number> {
  const { upstream, response, format, booking, signal } = options;
  const raw = await readWhole(upstream);
  signal.throwIfAborted();
  const text = raw.toString("utf8");
  const json = parsedOrUndefined(text);
  if (upstream.statusCode >= 400) await booking.settleBroken();
  else {
    booking.saw(text.length);
    if (isJson(json)) booking.read(json);
    await booking.settle();
  }
  const redactor = options.redactor.withoutPatterns;
  const clean = json === undefined ? redactor.redactText(text) : redactAnswer(json, redactor, format.signed);
  const same = clean === json || clean === text;
  const body = same ? raw : Buffer.from(json === undefined ? String(clean) : JSON.stringify(clean));
  response.writeHead(upstream.statusCode, { ...answerHeaders(upstream, redactor), "content-length": body.length });
  response.end(body);
  return body.length;
}

/** A streamed answer: each frame as soon as it is certain, the last one only after the call is booked. */
class StreamRelay {
  readonly #options: RelayOptions;
  readonly #redaction: ReturnType<typeof createEventRedaction>;
  #sent = 0;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#redaction = createEventRedaction(options);
  }

  async #send(frames: ReadyFrame[]): Promise<void> {
    const { response, booking, signal } = this.#options;
    for (const { text, last } of frames) {
      if (last) await booking.settle();
      this.#sent += Buffer.byteLength(text);
      // A slow reader slows the provider down: nothing more is read until this is taken.
      if (!response.write(text)) await once(response, "drain", { signal });
    }
  }

  /** Counts a frame; gives what may be passed on now. */
  #take(frame: Frame): ReadyFrame[] {
    const { booking, format, hidesOwnEvent } = this.#options;
    const parsed = frame.data === null ? undefined : parsedOrUndefined(frame.data);
    const json = isJson(parsed) ? parsed : null;
    if (json) {
      booking.read(json);
      booking.saw(textLength(format, json));
      if (hidesOwnEvent && format.isOwnEvent(json)) return [];
    }
    return this.#redaction.push(frame, json);
  }

  async relay(framing: CallFacts["framing"]): Promise<number> {
    const { upstream, response, booking, redactor, signal } = this.#options;
    const reader = framing === "sse" ? createSseReader() : createJsonArrayReader();
    // Bytes of one character may come in two pieces; a byte order mark is passed on like everything else.
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    response.writeHead(upstream.statusCode, answerHeaders(upstream, redactor.withoutPatterns));
    response.flushHeaders();
    for await (const chunk of upstream.body) {
      signal.throwIfAborted();
      for (const frame of reader.push(decoder.decode(chunk, { stream: true }))) await this.#send(this.#take(frame));
    }
    const rest = [...reader.push(decoder.decode()), ...reader.end()].flatMap((frame) => this.#take(frame));
    rest.push(...this.#redaction.end());
    signal.throwIfAborted();
    await booking.settle();
    await this.#send(rest);
    response.end();
    return this.#sent;
  }
}

export const relayStream = (options: RelayOptions, framing: CallFacts["framing"]): Promise<number> =>
  new StreamRelay(options).relay(framing);

function textLength(format: WireFormat, json: Json): number {
  let length = 0;
  for (const { path } of format.streamedTexts(json)) length += String(leafAt(json, path)).length;
  return length;
}
