import type { IncomingHttpHeaders } from "node:http";
import { AppError, fail } from "@berth/platform";
import type { Redactor } from "@berth/redaction";
import { isJson, type Json } from "./json.ts";
import { redactRequest } from "./redact-request.ts";
import { redactShort } from "./redact-short.ts";
import type { WireFormat } from "./wire-format.ts";

/** Anything not named here or by the format stays: an unknown header is a way out that nobody looks through. */
const headersAllowed = /^(?:accept|user-agent|traceparent|tracestate|idempotency-key|x-(?:client-)?request-id)$/;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Throws `invalid_input` with the reason that the caller may read. */
export function parseJsonObject(raw: Buffer): { text: string; body: Json } {
  let text: string;
  let body: unknown;
  try {
    text = utf8.decode(raw);
    body = JSON.parse(text);
  } catch (error) {
    fail("invalid_input", "The request body is not valid JSON in UTF-8.", { cause: error });
  }
  if (!isJson(body)) fail("invalid_input", "body: must be a JSON object.");
  return { text, body };
}

export interface OutgoingBody {
  body: Json;
  /** The bytes to send. */
  payload: Buffer;
  redacted: boolean;
  /** The answer has an event that only we asked for. */
  hidesOwnEvent: boolean;
}

/**
 * The body that leaves, without a secret: always written anew from what was read, so that nothing unread is in it (a field
 * that is there twice). Throws `invalid_input` where a secret cannot be taken out.
 */
export function outgoingBody(
  format: WireFormat,
  incoming: Json,
  { redactor, spansJson }: { redactor: Redactor; spansJson: boolean },
): OutgoingBody {
  const { body, redacted } = redactRequest(format, incoming, redactor);
  const hidesOwnEvent = format.prepare(body);
  const text = JSON.stringify(body);
  // A service account's file in the vault is JSON; in a tool's arguments it may stand as an object instead of a string.
  if (spansJson && redactor.withoutPatterns.redactText(text) !== text) {
    fail("invalid_input", "The request holds a secret where it cannot be replaced.");
  }
  return { body, payload: Buffer.from(text), redacted, hidesOwnEvent };
}

export function outgoingHeaders(
  headers: IncomingHttpHeaders,
  options: { redactor: Redactor; format: WireFormat; apiKey: string },
): Record<string, string> {
  const { redactor, format, apiKey } = options;
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || !(headersAllowed.test(name) || format.headers.test(name))) continue;
    if (redactShort(redactor, name) === name) {
      kept[name] = redactShort(redactor, Array.isArray(value) ? value.join(", ") : value);
    }
  }
  return {
    ...kept,
    "content-type": "application/json",
    "accept-encoding": "identity",
    ...format.keyHeaders(apiKey),
  };
}

/**
 * The query string to send (with `?`), decoded before it is looked through, as `%73` is an `s` to the provider. Throws
 * `invalid_input` on a parameter that the format does not let through.
 */
export function outgoingQuery(format: WireFormat, query: URLSearchParams, redactor: Redactor): string {
  const clean = new URLSearchParams();
  for (const [name, value] of query) {
    if (format.queryNames && !format.queryNames.includes(name)) {
      fail("invalid_input", `${redactShort(redactor, name)}: this parameter must not be in the address.`);
    }
    clean.append(redactShort(redactor, name), redactShort(redactor, value));
  }
  const text = clean.toString();
  return text === "" ? "" : `?${text}`;
}

/** Throws `invalid_input` if a secret is in the path: it names a model, and another name would be another model. */
export function checkPath(path: string, redactor: Redactor): void {
  if (redactShort(redactor, path) !== path) fail("invalid_input", "The address holds a secret.");
}

/** Providers' base addresses are written with and without the version; the path brings it along. */
export const upstreamUrl = (baseUrl: string, path: string, query: string): string =>
  `${baseUrl.replace(/\/+$/, "").replace(/\/v1(?:beta)?$/, "")}${path}${query}`;

const statusOf: Partial<Record<AppError["code"], number>> = {
  invalid_input: 400,
  not_found: 404,
  payload_too_large: 413,
  rate_limited: 429,
  unavailable: 503,
};

/** Status and sentence for the provider's error shape. */
export function refusalOf(error: unknown): { status: number; message: string } {
  if (!(error instanceof AppError)) return { status: 500, message: "The egress proxy could not handle the request." };
  return { status: statusOf[error.code] ?? 500, message: error.publicMessage };
}
