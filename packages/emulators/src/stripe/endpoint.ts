import type { z } from "zod";
import type { Call } from "./call.ts";

/** One path of the API. `path` has `:id` for an id, which may hold dots only where Stripe's own ids do. */
export interface Endpoint {
  method: "GET" | "POST" | "DELETE";
  path: string;
  params: z.ZodType<{ expand?: string[] | undefined }>;
  run: (call: Call, params: never, id: string) => object;
}

/** Ties the handler's parameters to its schema. Handlers are synchronous, so that each runs in one transaction. */
export const endpoint = <P extends { expand?: string[] | undefined }>(
  method: Endpoint["method"],
  path: string,
  params: z.ZodType<P>,
  run: (call: Call, params: P, id: string) => object,
): Endpoint => ({ method, path, params, run });
