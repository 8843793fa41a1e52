import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

export type { components, paths } from "./schema.d.ts";

/** Any contract by its name in the OpenAPI document, e.g. `Schemas["Order"]`. */
export type Schemas = components["schemas"];

export type ApiClient = Client<paths>;

export interface ApiClientOptions {
  /** Where the Hub answers, without `/api`; empty for a page of the Hub itself. */
  baseUrl: string;
  fetch?: (request: Request) => Promise<Response>;
  headers?: Record<string, string>;
}

/**
 * Typed calls to the Hub's API: `client.GET("/api/public/v1/plans")` answers `{ data }`, or `{ error }` with a problem
 * (RFC 9457). Cookies go along.
 */
export function createApiClient({ baseUrl, fetch, headers = {} }: ApiClientOptions): ApiClient {
  return createClient<paths>({ baseUrl, headers, credentials: "include", ...(fetch ? { fetch } : {}) });
}

export * from "./hub-auth.ts";
export * from "./hub-problem.ts";
