import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { fail, type Ids, type Logger, readBody } from "@berth/platform";
import { type Agent, errors, request as send } from "undici";
import type { LiveConfig } from "../agent-link.ts";
import type { UsageLedger } from "../ledger/usage-ledger.ts";
import type { Probes } from "../probes.ts";
import { type Booking, bookCall } from "./booking.ts";
import {
  outgoingBody,
  outgoingHeaders,
  outgoingQuery,
  parseRequestBody,
  type RequestBody,
  refusalOf,
  upstreamUrl,
} from "./outgoing-request.ts";
import type { Provider } from "./provider.ts";
import { relayStream, relayWhole } from "./relay-answer.ts";

export interface CallContext {
  /** The configuration under which traffic may leave now. Throws `unavailable` while none may. */
  gate: () => LiveConfig;
  ledger: UsageLedger;
  probes: Probes;
  upstreams: Agent;
  ids: Ids;
  log: Logger;
  requestBytesMax: number;
  /** Calls under way, so that they can be cut off when the wrapper goes. */
  inFlight: Set<AbortController>;
  counters: { served: number; refused: number };
}

export interface LlmCall {
  provider: Provider;
  agent: string;
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

function answerProbe(call: LlmCall, body: RequestBody, context: CallContext, raw: Buffer): boolean {
  const turn = context.probes.answerTo(raw.toString("utf8"));
  if (!turn) return false;
  const id = context.ids.next("probe").replace("_", "");
  if (!body.stream) sendJson(call.response, 200, call.provider.wholeAnswer(body.model, id, turn));
  else {
    call.response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
    call.response.end(call.provider.streamedAnswer(body.model, id, turn).join(""));
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

async function exchange(
  call: LlmCall,
  options: { context: CallContext; booking: Booking; config: LiveConfig; body: RequestBody; text: string; url: string },
  signal: AbortSignal,
): Promise<{ status: number; bytes: number }> {
  const { provider, request, response } = call;
  const { context, booking, config, body, text, url } = options;
  const apiKey = config.upstreams[provider.api]?.apiKey ?? "";
  const upstream = await send(url, {
    method: "POST",
    headers: outgoingHeaders(request.headers, config.redactor, provider.keyHeaders(apiKey)),
    body: text,
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
  const streamed = statusCode < 300 && String(headers["content-type"] ?? "").startsWith("text/event-stream");
  const relay = { upstream, response, provider, redactor: config.redactor, booking, original: body, signal };
  return { status: statusCode, bytes: await (streamed ? relayStream(relay) : relayWhole(relay)) };
}

async function forward(call: LlmCall, context: CallContext, body: RequestBody, config: LiveConfig): Promise<void> {
  const { provider, agent, response } = call;
  const baseUrl = config.upstreams[provider.api]?.baseUrl;
  if (!baseUrl) fail("unavailable", `No key for ${provider.api} is configured on this server.`);
  const { text, redacted } = outgoingBody(provider, body, config.redactor);
  const url = upstreamUrl(baseUrl, provider.path, outgoingQuery(call.query, config.redactor));
  const callId = context.ids.next("call");
  const sentBytes = Buffer.byteLength(text);
  const model = config.redactor.redactText(body.model).slice(0, 100);
  const { ledger } = context;
  const identity = { callId, agent, model };
  const booking = bookCall({
    ledger,
    provider,
    call: identity,
    body,
    sentBytes,
    tokensPerMonth: config.tokensPerMonth,
  });
  const stop = new AbortController();
  const onClose = () => {
    if (!response.writableFinished) stop.abort();
  };
  response.on("close", onClose);
  context.inFlight.add(stop);
  context.counters.served += 1;
  const facts = {
    callId,
    agent,
    api: provider.api,
    sentBytes,
    redacted,
    sha256: createHash("sha256").update(text).digest("hex"),
  };
  try {
    const done = await exchange(call, { context, booking, config, body, text, url }, stop.signal);
    context.log.info({ ...facts, ...done, ...booking.counts() }, "llm call");
  } catch (error) {
    // Given up on after it was sent, the provider still read the prompt.
    if (stop.signal.aborted || error instanceof errors.HeadersTimeoutError) booking.accepted();
    booking.settleBroken();
    const { status, message } = upstreamRefusal(error);
    context.log.warn({ ...facts, status, aborted: stop.signal.aborted, error: nameOf(error) }, "llm call broke off");
    sendJson(response, status, provider.errorBody(status, message));
  } finally {
    context.inFlight.delete(stop);
    response.off("close", onClose);
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");

/** One LLM request from the gateway. Every refusal has the provider's error shape; none of them reaches the provider. */
export async function serveCall(call: LlmCall, context: CallContext): Promise<void> {
  try {
    context.gate();
    if ((call.request.headers["content-encoding"] ?? "identity") !== "identity") {
      fail("invalid_input", "The request body must not be compressed.");
    }
    const raw = await readBody(call.request, context.requestBytesMax);
    const body = parseRequestBody(raw);
    // Asked again: wrapper or agent may have gone while the body came in.
    const config = context.gate();
    if (!answerProbe(call, body, context, raw)) await forward(call, context, body, config);
  } catch (error) {
    const { status, message } = refusalOf(error);
    context.counters.refused += 1;
    context.log.warn({ agent: call.agent, api: call.provider.api, status, error: nameOf(error) }, "llm call refused");
    // Retrying does not help here, and the providers' own clients obey this header.
    const noRetry: Record<string, string> = status === 429 ? { "x-should-retry": "false" } : {};
    sendJson(call.response, status, call.provider.errorBody(status, message), noRetry);
  }
}
