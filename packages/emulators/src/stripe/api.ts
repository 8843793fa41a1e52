import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { type Call, type Emulator, emulatedApiVersion } from "./call.ts";
import type { Endpoint } from "./endpoint.ts";
import { invalidRequest, StripeApiError, unauthorised, unknownUrl } from "./errors.ts";
import { expand } from "./expand.ts";
import { parseForm } from "./form.ts";
import { findReply, type Reply, rememberReply } from "./idempotency.ts";
import { stripeId } from "./ids.ts";
import { parseParams } from "./params.ts";
import { endpoints } from "./resources/index.ts";

const maxBodyBytes = 1024 * 1024;

/** `/v1/*` with Stripe's manners: bearer or basic key, form bodies, idempotency keys, expand, error shape. */
export function createApi(emulator: Emulator, secretKey: string): Hono {
  const app = new Hono();
  const tooLarge = new StripeApiError(413, { type: "invalid_request_error", message: "Request body too large." });
  const refuse = (context: Context) => send(context, errorReply(tooLarge, stripeId("req", 14)));
  app.use("/v1/*", bodyLimit({ maxSize: maxBodyBytes, onError: refuse }));
  for (const endpoint of endpoints) {
    app.on(endpoint.method, endpoint.path, async (context) => {
      const requestId = stripeId("req", 14);
      requireKey(context, secretKey);
      const encoded =
        context.req.method === "POST" ? await context.req.text() : new URL(context.req.url).search.slice(1);
      return send(context, answer(emulator, endpoint, context, encoded, requestId));
    });
  }
  app.all("/v1/*", (context) => {
    throw unknownUrl(context.req.method, new URL(context.req.url).pathname);
  });
  app.all("/v2/*", (context) => {
    throw unknownUrl(context.req.method, new URL(context.req.url).pathname);
  });
  app.onError((thrown, context) => send(context, errorReply(thrown, stripeId("req", 14))));
  return app;
}

interface Answer extends Reply {
  replayed?: boolean;
}

function answer(emulator: Emulator, endpoint: Endpoint, context: Context, encoded: string, requestId: string): Answer {
  const path = new URL(context.req.url).pathname;
  const key = context.req.method === "POST" ? (context.req.header("idempotency-key") ?? null) : null;
  const fingerprint = createHash("sha256").update(`${context.req.method} ${path}\n${encoded}`).digest("hex");
  if (key) {
    const earlier = findReply(emulator, key, fingerprint);
    if (earlier) return { ...earlier, replayed: true };
  }
  const params = parseParams(endpoint.params, parseForm(encoded));
  const call: Call = { ...emulator, requestId, idempotencyKey: key };
  const reply = run(call, endpoint, params, context.req.param("id") ?? "");
  if (key) rememberReply(emulator, key, fingerprint, reply);
  emulator.webhooks.wake();
  return reply;
}

/** One request, one transaction: an error leaves nothing behind. */
function run(call: Call, endpoint: Endpoint, params: { expand?: string[] | undefined }, id: string): Reply {
  try {
    const body = call.store.transaction(() => {
      // `endpoint()` tied this handler to the schema that made `params`.
      const made = endpoint.run(call, params as never, id);
      return expand(call.store, made, params.expand ?? []);
    });
    return { status: 200, body: JSON.stringify(body, null, 2), requestId: call.requestId ?? "" };
  } catch (thrown) {
    return errorReply(thrown, call.requestId ?? "");
  }
}

export function errorReply(thrown: unknown, requestId: string): Reply {
  const known = thrown instanceof StripeApiError ? thrown : null;
  if (!known) console.error(JSON.stringify({ level: "error", service: "stripe-emulator", msg: String(thrown) }));
  const error = known?.details ?? { type: "api_error", message: "An unexpected error occurred in the emulator." };
  const docs = "code" in error && error.code ? { doc_url: `https://stripe.com/docs/error-codes/${error.code}` } : {};
  const body = JSON.stringify({ error: { ...error, ...docs, request_log_url: null } }, null, 2);
  return { status: known?.status ?? 500, body, requestId };
}

function send(context: Context, { status, body, requestId, replayed }: Answer): Response {
  const key = context.req.header("idempotency-key");
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "request-id": requestId,
    "stripe-version": context.req.header("stripe-version") ?? emulatedApiVersion,
    ...(status === 401 ? { "www-authenticate": 'Basic realm="Stripe"' } : {}),
    ...(key ? { "idempotency-key": key, "original-request": requestId } : {}),
    ...(replayed ? { "idempotent-replayed": "true" } : {}),
  };
  return new Response(body, { status, headers });
}

/** Bearer, or basic with the key as user name. */
export function requireKey(context: Context, secretKey: string): void {
  const [scheme = "", credentials = ""] = (context.req.header("authorization") ?? "").split(" ");
  const given = {
    bearer: credentials,
    basic: Buffer.from(credentials, "base64").toString("utf8").split(":")[0] ?? "",
  }[scheme.toLowerCase()];
  if (!given || given !== secretKey) throw unauthorised(given || null);
  if (context.req.method === "POST" && context.req.path.startsWith("/v1/")) requireForm(context);
}

function requireForm(context: Context): void {
  const type = context.req.header("content-type") ?? "";
  if (type.startsWith("application/json")) {
    throw invalidRequest(
      "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.",
    );
  }
}
