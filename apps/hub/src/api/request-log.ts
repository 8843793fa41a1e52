import { actorIdOf } from "@berth/core";
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { ApiEnv, Hub } from "./hub.ts";

/** Gives each request an id and writes one line about it: ids, never a query, a body or an address with a token in it. */
export function requestLog(hub: Hub): MiddlewareHandler<ApiEnv> {
  const { clock, ids, log } = hub.ctx;
  return async (c, next) => {
    const requestId = ids.next("req");
    c.set("requestId", requestId);
    c.set("actor", { kind: "anonymous" });
    const startedAt = clock.now();
    await next();
    c.header("x-request-id", requestId);
    const { actor } = c.var;
    const line = {
      requestId,
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      ms: clock.now() - startedAt,
      actor: actor.kind,
      actorId: actorIdOf(actor),
    };
    if (c.res.status >= 500) log.error({ ...line, err: c.error }, "request failed");
    else log.info(line, "request");
  };
}
