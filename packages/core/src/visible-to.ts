import { forOrganization, type OrganizationView } from "@berth/db";
import type { ActorOf, CtxWith } from "./context.ts";

/** What an actor may read: a customer their organisation's rows, everybody else named here all of them. */
export const visibleTo = (
  ctx: Pick<CtxWith, "db">,
  actor: ActorOf<"customer" | "staff" | "system" | "webhook">,
): OrganizationView => (actor.kind === "customer" ? forOrganization(ctx.db, actor.organizationId) : ctx.db);
