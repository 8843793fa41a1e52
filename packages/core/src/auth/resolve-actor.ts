import type { Db } from "@berth/db";
import type { Actor } from "../context.ts";
import type { Auth } from "./create-auth.ts";

/** Who a browser's request comes from, by its session cookie. No session, or one of a person without a place: `anonymous`. */
export async function resolveActor(input: { auth: Auth; db: Db; headers: Headers }): Promise<Actor> {
  const found = await input.auth.api.getSession({ headers: input.headers });
  if (!found) return { kind: "anonymous" };
  const { user, session } = found;
  // Read from our own table: a cached session must not keep a right that was taken away.
  const row = await input.db.user.findUnique({
    where: { id: user.id },
    include: { members: { orderBy: { createdAt: "asc" } } },
  });
  if (!row) return { kind: "anonymous" };
  if (row.isStaff) return { kind: "staff", userId: row.id, email: row.email };
  const member = row.members.find((one) => one.organizationId === session.activeOrganizationId) ?? row.members[0];
  if (!member) return { kind: "anonymous" };
  const { organizationId } = member;
  return { kind: "customer", userId: row.id, organizationId, email: row.email, emailVerified: row.emailVerified };
}
