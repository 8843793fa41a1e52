import { type ErrorCode, httpStatusOf, type Problem } from "@berth/contracts";
import { z } from "zod";

export interface FieldError {
  path: string;
  message: string;
}

/** A fault with a code and a sentence for the public; what only an operator may read stays in `internal` and `cause`. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly publicMessage: string;
  readonly errors: FieldError[] | undefined;
  readonly internal: string | undefined;

  constructor(
    code: ErrorCode,
    publicMessage: string,
    options: { cause?: unknown; internal?: string | undefined; errors?: FieldError[] | undefined } = {},
  ) {
    super(options.internal ? `${publicMessage} (${options.internal})` : publicMessage, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.publicMessage = publicMessage;
    this.errors = options.errors;
    this.internal = options.internal;
  }
}

/** Throws an `AppError`. `publicMessage` says what is wrong and the way out; it may reach anybody. */
export function fail(
  code: ErrorCode,
  publicMessage: string,
  options: { cause?: unknown; internal?: string; errors?: FieldError[] } = {},
): never {
  throw new AppError(code, publicMessage, options);
}

/** Field errors of a zod failure; the path is dotted, `(root)` for the value itself. */
export function fieldErrorsOf(error: z.ZodError): FieldError[] {
  return error.issues.map((issue) => ({
    path: issue.path.length > 0 ? issue.path.map(String).join(".") : "(root)",
    message: issue.message,
  }));
}

/** Any thrown value as an `AppError`; what is unknown becomes `internal` and says nothing to the public. */
export function appErrorOf(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof z.ZodError) {
    return new AppError("invalid_input", "Some fields are wrong.", { cause: thrown, errors: fieldErrorsOf(thrown) });
  }
  const internal = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError("internal", "Something went wrong on our side. Try again in a moment.", {
    cause: thrown,
    internal,
  });
}

const titleOf: Record<ErrorCode, string> = {
  invalid_input: "Invalid input",
  unauthenticated: "Not signed in",
  forbidden: "Not allowed",
  not_found: "Not found",
  conflict: "Conflict",
  gone: "Gone",
  payload_too_large: "Too large",
  rate_limited: "Too many requests",
  unavailable: "Not available",
  internal: "Internal error",
};

/** The one mapping of errors to RFC 9457 problem details. */
export function problemOf(error: AppError, requestId: string): { status: number; body: Problem } {
  const status = httpStatusOf[error.code];
  const body: Problem = {
    type: `https://berth.example/problems/${error.code}`,
    title: titleOf[error.code],
    status,
    detail: error.publicMessage,
    code: error.code,
    requestId,
    ...(error.errors ? { errors: error.errors } : {}),
  };
  return { status, body };
}

/** Parses `value` or throws `invalid_input` that names every wrong field. `what` names the thing, e.g. "request body". */
export function parseOrFail<T>(schema: z.ZodType<T>, value: unknown, what = "input"): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = fieldErrorsOf(parsed.error);
  const first = errors[0];
  fail("invalid_input", `The ${what} is not valid: ${first?.path}: ${first?.message}`, { cause: parsed.error, errors });
}
