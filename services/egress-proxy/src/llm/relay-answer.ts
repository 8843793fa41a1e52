import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Redactor } from "@berth/redaction";
import type { Dispatcher } from "undici";
import type { Booking } from "./booking.ts";
import { createEventRedaction, type ReadyEvent } from "./event-redaction.ts";
import { isJson, type Json, type Provider } from "./provider.ts";
import { createSseReader, type SseEvent } from "./sse.ts";

export interface RelayOptions {
  upstream: Dispatcher.ResponseData;
  response: ServerResponse;
  provider: Provider;
  redactor: Redactor;
  booking: Booking;
  /** The request as the gateway sent it: what it did not ask for it does not get. */
  original: Json;
  signal: AbortSignal;
}

const wholeBytesMax = 64 * 1024 * 1024;
/** Belong to one connection (RFC 9110 §7.6.1), are made anew here, or are not the gateway's business. */
const headersDropped =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-length|content-encoding|set-cookie|alt-svc|strict-transport-security)$/;

function answerHeaders(upstream: Dispatcher.ResponseData, redactor: Redactor): Record<string, string> {
  const named = String(upstream.headers.connection ?? "").toLowerCase();
  return Object.fromEntries(
    Object.entries(upstream.headers).flatMap(([name, value]) => {
      if (value === undefined || headersDropped.test(name) || named.split(/\s*,\s*/).includes(name)) return [];
      return [[redactor.redactText(name), redactor.redactText(Array.isArray(value) ? value.join(", ") : value)]];
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An answer in one piece: counted and booked, then sent; byte for byte unless a secret is in it. */
export async function relayWhole(options: RelayOptions): Promise<number> {
  const { upstream, response, redactor, booking, signal } = options;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of upstream.body) {
    size += chunk.length;
    if (size > wholeBytesMax) throw new RangeError("the provider's answer is too large");
    chunks.push(chunk);
  }
  signal.throwIfAborted();
  const raw = Buffer.concat(chunks);
  const text = raw.toString("utf8");
  const json = parsed(text);
  if (upstream.statusCode >= 400) booking.settleBroken();
  else {
    booking.saw(text.length);
    if (isJson(json)) booking.read(json);
    booking.settle();
  }
  const clean = json === undefined ? text : redactor.redactJson(json);
  const rewritten = json === undefined ? redactor.redactText(text) : clean === json ? text : JSON.stringify(clean);
  const body = rewritten === text ? raw : Buffer.from(rewritten);
  response.writeHead(upstream.statusCode, { ...answerHeaders(upstream, redactor), "content-length": body.length });
  response.end(body);
  return body.length;
}

/** A streamed answer: each event as soon as it is certain, the last one only after the call is booked. */
export async function relayStream(options: RelayOptions): Promise<number> {
  const { upstream, response, provider, redactor, booking, original, signal } = options;
  const reader = createSseReader();
  const redaction = createEventRedaction({ redactor, provider });
  // Bytes of one character may come in two pieces; a byte order mark is passed on like everything else.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let sent = 0;

  async function send(events: ReadyEvent[]): Promise<void> {
    for (const { text, last } of events) {
      if (last) booking.settle();
      sent += Buffer.byteLength(text);
      if (!response.write(text)) await once(response, "drain", { signal });
    }
  }
  async function take(events: SseEvent[]): Promise<void> {
    for (const event of events) {
      const json = parsed(event.data ?? "");
      if (isJson(json)) {
        booking.read(json);
        for (const { path } of provider.streamedTexts(json)) booking.saw(textLength(json, path));
        if (provider.isOwnEvent(json, original)) continue;
      }
      await send(redaction.push(event));
    }
  }

  response.writeHead(upstream.statusCode, answerHeaders(upstream, redactor));
  response.flushHeaders();
  for await (const chunk of upstream.body) {
    signal.throwIfAborted();
    await take(reader.push(decoder.decode(chunk, { stream: true })));
  }
  await take([...reader.push(decoder.decode()), ...reader.end()]);
  await send(redaction.end());
  signal.throwIfAborted();
  booking.settle();
  response.end();
  return sent;
}

function textLength(json: Json, path: (string | number)[]): number {
  // A path of `streamedTexts` leads through containers to a string.
  const leaf = path.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], json);
  return typeof leaf === "string" ? leaf.length : 0;
}
