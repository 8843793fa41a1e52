import type { Actor, Auth, CtxWith } from "@berth/core";

/** A context of the Hub's API: all that the verbs behind it reach. */
export type HubCtx = CtxWith<"config" | "billing" | "hubKeys">;

/** What the API is made of. `ctx` belongs to nobody yet: each request gets it with its own actor. */
export interface Hub {
  ctx: Omit<HubCtx, "actor">;
  auth: Auth;
}

/** What the middleware leaves for a handler. */
export interface ApiEnv {
  Variables: { requestId: string; actor: Actor; ctx: HubCtx };
}
