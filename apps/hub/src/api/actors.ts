import { type Actor, authenticateRequest, requireActor, resolveActor } from "@berth/core";
import type { MiddlewareHandler } from "hono";
import type { ApiEnv, Hub } from "./hub.ts";

/** The person behind the session cookie, or a stranger. */
export function personOf(hub: Hub): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const actor = await resolveActor({ auth: hub.auth, db: hub.ctx.db, headers: c.req.raw.headers });
    c.set("actor", actor);
    c.set("ctx", { ...hub.ctx, actor });
    await next();
  };
}

/** The server whose key signed these very bytes. */
export function serverOf(hub: Hub): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { method, url } = c.req;
    const body = new Uint8Array(await c.req.arrayBuffer());
    const headers = Object.fromEntries(c.req.raw.headers);
    const actor = await authenticateRequest({
      ctx: { ...hub.ctx, actor: { kind: "anonymous" } },
      input: { method, url, headers, body },
    });
    c.set("actor", actor);
    c.set("ctx", { ...hub.ctx, actor });
    await next();
  };
}

/** For addresses where it does not matter who asks, or where the verb itself finds out. */
export function asActor(hub: Hub, actor: Actor): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    c.set("actor", actor);
    c.set("ctx", { ...hub.ctx, actor });
    await next();
  };
}

/** Nobody else gets as far as the handlers of these addresses. */
export function only(...kinds: Actor["kind"][]): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    requireActor({ actor: c.var.actor }, ...kinds);
    await next();
  };
}
