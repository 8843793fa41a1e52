import type { IncomingHttpHeaders } from "node:http";
import { AppError, fail } from "@berth/platform";
import type { Redactor } from "@berth/redaction";
import { z } from "zod";
import type { Json, Provider } from "./provider.ts";

/** What every request of both formats has; the provider checks the rest. */
const RequestBody = z.looseObject({
  model: z.string().min(1).max(200),
  messages: z.array(z.unknown()),
  stream: z.boolean().nullish(),
});
export type RequestBody = z.infer<typeof RequestBody>;

/** Anything not named here stays: an unknown header is a way out that nobody looks through. */
const headersAllowed =
  /^(?:accept|content-type|user-agent|traceparent|tracestate|idempotency-key|x-(?:client-)?request-id|(?:anthropic|openai|x-stainless)-[a-z0-9-]{1,60})$/;

/** Throws `invalid_input` with the reason that the caller may read. */
export function parseRequestBody(raw: Buffer): RequestBody {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(raw));
  } catch (error) {
    fail("invalid_input", "The request body is not valid JSON in UTF-8.", { cause: error });
  }
  const parsed = RequestBody.safeParse(json);
  // The value itself, not zod's copy, which orders the keys anew: what leaves is what came. The schema held.
  if (parsed.success) return json as RequestBody;
  const issue = parsed.error.issues[0];
  fail("invalid_input", `${issue?.path.join(".") || "body"}: ${issue?.message}`, { cause: parsed.error });
}

/**
 * The body that leaves, without a secret. Throws `invalid_input` where one cannot be taken out: inside a block that the
 * provider signed (a changed signature would be refused there), or in a place that is no string, key or number.
 */
export function outgoingBody(provider: Provider, body: Json, redactor: Redactor): { text: string; redacted: boolean } {
  const redacted = redactor.redactJson(body);
  if (provider.breaksSignature(body, redacted)) {
    fail(
      "invalid_input",
      "A signed thinking block holds a secret; the conversation cannot be sent on. Start a new one.",
    );
  }
  const text = JSON.stringify(provider.prepare(redacted));
  if (redactor.redactText(text) !== text) {
    fail("invalid_input", "The request holds a secret where it cannot be replaced.");
  }
  return { text, redacted: redacted !== body };
}

export function outgoingHeaders(
  headers: IncomingHttpHeaders,
  redactor: Redactor,
  keyHeaders: Record<string, string>,
): Record<string, string> {
  const kept = Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined || !headersAllowed.test(name) || redactor.redactText(name) !== name) return [];
    return [[name, redactor.redactText(Array.isArray(value) ? value.join(", ") : value)] as const];
  });
  return {
    ...Object.fromEntries(kept),
    "content-type": "application/json",
    "accept-encoding": "identity",
    ...keyHeaders,
  };
}

/** The query string to send (with `?`), decoded before it is looked through, as `%73` is an `s` to the provider. */
export function outgoingQuery(query: URLSearchParams, redactor: Redactor): string {
  const clean = new URLSearchParams();
  for (const [name, value] of query) clean.append(redactor.redactText(name), redactor.redactText(value));
  const text = clean.toString();
  return text === "" ? "" : `?${text}`;
}

/** Providers' base addresses are written with and without `/v1`; the path brings it along. */
export const upstreamUrl = (baseUrl: string, path: string, query: string): string =>
  `${baseUrl.replace(/\/+$/, "").replace(/\/v1$/, "")}${path}${query}`;

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
