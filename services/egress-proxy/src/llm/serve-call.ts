import { hash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError, fail, type Ids, type Logger, readBody } from "@berth/platform";
import { type Agent, errors, request as send } from "undici";
import type { LiveConfig } from "../agent-link.ts";
import type { UsageLedger } from "../ledger/usage-ledger.ts";
import type { Probes } from "../probes.ts";
import type { BodyRoom } from "./body-room.ts";
import { type Booking, bookCall } from "./booking.ts";
import type { Json } from "./json.ts";
import {
  checkPath,
  type OutgoingBody,
  outgoingBody,
  outgoingHeaders,
  outgoingQuery,
  parseJsonObject,
  refusalOf,
  upstreamUrl,
} from "./outgoing-request.ts";
import { redactShort } from "./redact-short.ts";
import { relayStream, relayWhole } from "./relay-answer.ts";
import type { CallFacts, WireFormat } from "./wire-format.ts";

export interface CallContext {
  /** The configuration under which traffic may leave now. Throws `unavailable` while none may. */
  gate: () => LiveConfig;
  ledger: UsageLedger;
  probes: Probes;
  upstreams: Agent;
  ids: Ids;
  log: Logger;
  requestBytesMax: number;
  room: BodyRoom;
  /** Calls under way, so that they can be cut off when the wrapper goes. */
  inFlight: Set<AbortController>;
  counters: { served: number; refused: number };
}

export interface LlmCall {
  format: WireFormat;
  agent: string;
  /** Below the provider's address. */
  path: string;
  query: URLSearchParams;
  request: IncomingMessage;
  response: ServerResponse;
}

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

const streamTypes = { sse: "text/event-stream; charset=utf-8", "json-array": "application/json; charset=UTF-8" };

function answerProbe(call: LlmCall, facts: CallFacts, context: CallContext, text: string): boolean {
  const turn = context.probes.answerTo(text);
  if (!turn) return false;
  const id = context.ids.next("probe").replace("_", "");
  if (!facts.stream) sendJson(call.response, 200, call.format.wholeAnswer(facts.model, id, turn));
  else {
    call.response.writeHead(200, { "content-type": streamTypes[facts.framing], "cache-control": "no-cache" });
    call.response.end(call.format.streamedAnswer(facts, id, turn).join(""));
  }
  context.log.info({ agent: call.agent, kind: "tool" in turn ? "call" : "done" }, "probe turn answered here");
  return true;
}

/** Timeouts and lost connections as the provider would say them; a cut-off answer is cut off here too. */
function upstreamRefusal(error: unknown): { status: number; message: string } {
  const slow =
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError;
  if (slow) return { status: 504, message: "The LLM provider did not answer in time." };
  return { status: 502, message: "The LLM provider could not be reached or broke off." };
}

/** A request that may leave: looked through, addressed and booked. */
interface Departure {
  facts: CallFacts;
  outgoing: OutgoingBody;
  url: string;
  config: LiveConfig;
  booking: Booking;
}

async function exchange(
  call: LlmCall,
  context: CallContext,
  departure: Departure,
  signal: AbortSignal,
): Promise<{ status: number; bytes: number }> {
  const { format, request, response } = call;
  const { facts, outgoing, url, config, booking } = departure;
  const { redactor } = config;
  const apiKey = config.upstreams[format.api]?.apiKey ?? "";
  const upstream = await send(url, {
    method: "POST",
    headers: outgoingHeaders(request.headers, { redactor, format, apiKey }),
    body: outgoing.payload,
    dispatcher: context.upstreams,
    signal,
  });
  // An abort outside of a read would otherwise be an uncaught error; inside one the read throws it.
  upstream.body.on("error", () => {});
  const { statusCode, headers } = upstream;
  const coded = String(headers["content-encoding"] ?? "identity") !== "identity";
  // A redirect would carry the request to an address nobody configured; a coding cannot be looked through.
  if (coded || statusCode < 200 || (statusCode >= 300 && statusCode < 400)) {
    upstream.body.destroy();
    throw new TypeError("the provider's answer is a redirect or encoded");
  }
  if (statusCode < 300) booking.accepted();
  const { hidesOwnEvent } = outgoing;
  const relay = { upstream, response, format, redactor, booking, hidesOwnEvent, signal };
  const framing = statusCode < 300 ? framingOf(facts, String(headers["content-type"] ?? "")) : null;
  return { status: statusCode, bytes: await (framing ? relayStream(relay, framing) : relayWhole(relay)) };
}

/** Null for an answer in one piece. */
function framingOf({ stream, framing }: CallFacts, contentType: string): CallFacts["framing"] | null {
  if (contentType.startsWith("text/event-stream")) return "sse";
  return stream && framing === "json-array" && contentType.startsWith("application/json") ? framing : null;
}

async function depart(
  call: LlmCall,
  context: CallContext,
  incoming: { body: Json; facts: CallFacts; callId: string },
  config: LiveConfig,
): Promise<Departure> {
  const { format, agent, path, query } = call;
  const { facts, callId } = incoming;
  const { redactor, tokensPerMonth } = config;
  const baseUrl = config.upstreams[format.api]?.baseUrl;
  if (!baseUrl) fail("unavailable", `No key for ${format.api} is configured on this server.`);
  checkPath(path, redactor);
  const url = upstreamUrl(baseUrl, path, outgoingQuery(format, query, redactor));
  const outgoing = outgoingBody(format, incoming.body, config);
  const booking = await bookCall({
    ledger: context.ledger,
    format,
    call: { callId, agent, model: redactShort(redactor, facts.model).slice(0, 100) },
    body: outgoing.body,
    sentBytes: outgoing.payload.length,
    tokensPerMonth,
  });
  return { facts, outgoing, url, config, booking };
}

async function forward(
  call: LlmCall,
  context: CallContext,
  incoming: { body: Json; facts: CallFacts },
  config: LiveConfig,
): Promise<void> {
  const { format, agent, response } = call;
  const callId = context.ids.next("call");
  const departure = await depart(call, context, { ...incoming, callId }, config);
  const { outgoing, booking } = departure;
  const stop = new AbortController();
  const onClose = () => {
    if (!response.writableFinished) stop.abort();
  };
  response.on("close", onClose);
  context.inFlight.add(stop);
  context.counters.served += 1;
  const digest = hash("sha256", outgoing.payload);
  const log = { callId, agent, format: format.name, redacted: outgoing.redacted, sha256: digest };
  try {
    const done = await exchange(call, context, departure, stop.signal);
    context.log.info({ ...log, ...done, ...booking.counts(), guess: booking.isGuess() }, "llm call");
  } catch (error) {
    // Given up on after it was sent, the provider still read the prompt.
    if (stop.signal.aborted || error instanceof errors.HeadersTimeoutError) booking.accepted();
    // What cannot be written now is kept by the ledger; there is nobody else to tell.
    await booking.settleBroken().catch(() => undefined);
    const { status, message } = error instanceof AppError ? refusalOf(error) : upstreamRefusal(error);
    context.log.warn({ ...log, status, aborted: stop.signal.aborted, error: nameOf(error) }, "llm call broke off");
    sendJson(response, status, format.errorBody(status, message));
  } finally {
    context.inFlight.delete(stop);
    response.off("close", onClose);
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");

/** One LLM request from the gateway. Every refusal has the provider's error shape; none of them reaches the provider. */
export async function serveCall(call: LlmCall, context: CallContext): Promise<void> {
  const { format, agent, path, query, request, response } = call;
  let leaveRoom = () => {};
  try {
    context.gate();
    if ((request.headers["content-encoding"] ?? "identity") !== "identity") {
      fail("invalid_input", "The request body must not be compressed.");
    }
    // What does not say how long it is may be as long as any.
    leaveRoom = context.room.take(Number(request.headers["content-length"] ?? context.requestBytesMax));
    const { text, body } = parseJsonObject(await readBody(request, context.requestBytesMax));
    const facts = format.factsOf(body, { path, query });
    // Asked again: wrapper or agent may have gone while the body came in.
    const config = context.gate();
    if (!answerProbe(call, facts, context, text)) await forward(call, context, { body, facts }, config);
  } catch (error) {
    const { status, message } = refusalOf(error);
    context.counters.refused += 1;
    context.log.warn({ agent, format: format.name, status, error: nameOf(error) }, "llm call refused");
    // Retrying does not help here, and the providers' own clients obey this header.
    const noRetry: Record<string, string> = status === 429 ? { "x-should-retry": "false" } : {};
    sendJson(response, status, format.errorBody(status, message), noRetry);
  } finally {
    leaveRoom();
  }
}
