import { AppError, appErrorOf, problemOf } from "@berth/platform";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ApiEnv } from "./hub.ts";

/** The one place where an error becomes an answer: RFC 9457, with the request's id to ask about. */
export function problemResponse(c: Context<ApiEnv>, thrown: unknown): Response {
  const error = errorOf(thrown);
  const { status, body } = problemOf(error, c.var.requestId); // each code's status is one of 4xx and 5xx
  return c.body(JSON.stringify(body), status as ContentfulStatusCode, { "content-type": "application/problem+json" });
}

function errorOf(thrown: unknown): AppError {
  if (thrown instanceof HTTPException) return ofHono(thrown);
  if (isUnstorableText(thrown)) {
    return new AppError("invalid_input", "Text must not hold the character U+0000.", { cause: thrown });
  }
  return appErrorOf(thrown);
}

/** What Hono itself refuses is a body that cannot be read. */
const ofHono = (exception: HTTPException): AppError =>
  exception.status === 413
    ? new AppError("payload_too_large", "The body is larger than allowed.", { cause: exception })
    : new AppError("invalid_input", "The body is not valid JSON.", { cause: exception });

/** PostgreSQL's words for a text that it cannot store (SQLSTATE 22021 and 22P05). */
const isUnstorableText = (thrown: unknown): boolean =>
  thrown instanceof Error && /invalid byte sequence|unsupported Unicode escape|22021|22P05/.test(thrown.message);
