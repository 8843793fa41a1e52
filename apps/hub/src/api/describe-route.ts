import { createRoute, type RouteConfig, type z } from "@hono/zod-openapi";
import { schemas } from "./schemas.ts";

/** A JSON request body; a request without one is refused. */
export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  required: true as const,
  content: { "application/json": { schema } },
});

export const jsonAnswer = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: schemas.Problem } },
});

/** Every operation may answer with a problem; `default` says so once. */
export function describeRoute<R extends RouteConfig>(route: R) {
  return createRoute({ ...route, responses: { ...route.responses, default: problem("A problem (RFC 9457)") } });
}
