import type { TenantId } from "@berth/contracts";
import type { Db } from "@berth/db";
import { type Clock, fail, type Ids, type Logger } from "@berth/platform";
import type { Deps } from "./deps.ts";

/** Who asks. Audit and authorisation switch on `kind`. */
export type Actor =
  | { kind: "anonymous" }
  | { kind: "customer"; userId: string; organizationId: string; email: string; emailVerified: boolean }
  | { kind: "staff"; userId: string; email: string }
  | { kind: "tenantAgent"; tenantId: TenantId }
  | { kind: "webhook"; source: "stripe" }
  | { kind: "system"; job: string };

export type ActorOf<K extends Actor["kind"]> = Extract<Actor, { kind: K }>;

/** What every verb gets beside its input. Nothing else reaches the clock, randomness, the network or the database. */
export interface Ctx<A extends Actor = Actor> {
  actor: A;
  clock: Clock;
  ids: Ids;
  log: Logger;
  db: Db;
  deps: Deps;
}

/** A context for verbs that need only a part of the outside, e.g. `CtxWith<"hubKeys">`; any `Ctx` is one. */
export type CtxWith<K extends keyof Deps = never> = Omit<Ctx, "deps"> & { deps: Pick<Deps, K> };

/** The same context for another actor, e.g. a verb that goes on as the system. */
export const actingAs = <A extends Actor>(ctx: Ctx, actor: A): Ctx<A> => ({ ...ctx, actor });

/** Throws `unauthenticated` for a stranger and `forbidden` for anybody but the kinds named. */
export function requireActor<K extends Actor["kind"]>(ctx: Pick<Ctx, "actor">, ...kinds: K[]): ActorOf<K> {
  if (kinds.some((kind) => kind === ctx.actor.kind)) return ctx.actor as ActorOf<K>; // just compared
  if (ctx.actor.kind === "anonymous") fail("unauthenticated", "Sign in first.");
  fail("forbidden", "You are not allowed to do this.");
}

/** Who did it, for audit rows and `decidedBy` fields. */
export function actorIdOf(actor: Actor): string | null {
  switch (actor.kind) {
    case "anonymous":
      return null;
    case "customer":
    case "staff":
      return actor.userId;
    case "tenantAgent":
      return actor.tenantId;
    case "webhook":
      return actor.source;
    case "system":
      return actor.job;
  }
}
