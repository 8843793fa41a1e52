import type { ErrorCode } from "@berth/contracts";
import { AppError, reveal, type Secret } from "@berth/platform";
import { fetch as undiciFetch } from "undici";
import type { z } from "zod";
import { ErrorAnswer } from "./hetzner-schemas.ts";

export interface HetznerClientOptions {
  token: Secret;
  baseUrl?: string;
  fetch?: typeof undiciFetch;
}

interface HetznerRequest {
  method: "GET" | "POST" | "DELETE";
  /** With its query; begins with a slash. */
  path: string;
  body?: object;
}

/** Sends one request and answers the parsed body. Throws `AppError`; `internal` begins with Hetzner's own error code. */
export type HetznerClient = <T>(request: HetznerRequest, schema: z.ZodType<T>) => Promise<T>;

const timeoutMs = 30_000;

/** Hetzner's error codes (docs.hetzner.cloud, "Errors"); what is not here goes by the HTTP status. */
const codeOf: Record<string, ErrorCode> = {
  unauthorized: "forbidden",
  forbidden: "forbidden",
  token_readonly: "forbidden",
  invalid_input: "invalid_input",
  json_error: "invalid_input",
  not_found: "not_found",
  uniqueness_error: "conflict",
  conflict: "conflict",
  locked: "conflict",
  protected: "conflict",
  rate_limit_exceeded: "rate_limited",
  resource_limit_exceeded: "unavailable",
  resource_unavailable: "unavailable",
  placement_error: "unavailable",
  maintenance: "unavailable",
};

const sentenceOf: Partial<Record<ErrorCode, string>> = {
  forbidden: "The server provider refused our access token.",
  invalid_input: "The server provider did not accept the server's settings.",
  not_found: "The server provider knows no such server.",
  conflict: "The server provider is busy with that server, or its name is taken.",
  rate_limited: "The server provider asks us to slow down.",
  unavailable: "The server provider cannot deliver at the moment.",
};

function errorOf(status: number, body: unknown): AppError {
  const parsed = ErrorAnswer.safeParse(body);
  const theirs = parsed.success ? parsed.data.error : { code: `http_${status}`, message: "no error object" };
  const byStatus: ErrorCode = status === 404 ? "not_found" : status >= 500 ? "unavailable" : "internal";
  const code = codeOf[theirs.code] ?? byStatus;
  const sentence = sentenceOf[code] ?? "The server provider answered with an error.";
  return new AppError(code, sentence, { internal: `${theirs.code}: ${theirs.message}` });
}

/** A client of Hetzner Cloud. The token is in the Authorization header alone. */
export function createHetznerClient(options: HetznerClientOptions): HetznerClient {
  const { token, baseUrl = "https://api.hetzner.cloud/v1", fetch = undiciFetch } = options;
  return async (request, schema) => {
    const response = await fetch(`${baseUrl}${request.path}`, {
      method: request.method,
      headers: { authorization: `Bearer ${reveal(token)}`, "content-type": "application/json" },
      ...(request.body ? { body: JSON.stringify(request.body) } : {}),
      signal: AbortSignal.timeout(timeoutMs),
      // The token must not follow a redirect to another host.
      redirect: "error",
    }).catch((cause: unknown) => {
      throw new AppError("unavailable", "The server provider cannot be reached.", { cause });
    });
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) throw errorOf(response.status, body);
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new AppError("unavailable", "The server provider answered in an unknown form.", {
      internal: parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; "),
    });
  };
}
