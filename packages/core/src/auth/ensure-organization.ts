import { type Db, inTransaction } from "@berth/db";
import type { Clock, Ids } from "@berth/platform";
import { recordAudit } from "../audit/record-audit.ts";

export interface AuthStore {
  db: Db;
  clock: Clock;
  ids: Ids;
}

/** The organisation a person works in; a person without one gets one of their own. Calling it twice makes one. */
export async function ensureOrganization(store: AuthStore, user: { id: string; name: string }): Promise<string> {
  return inTransaction(store.db, async (tx) => {
    await tx.$queryRaw`SELECT "id" FROM "User" WHERE "id" = ${user.id} FOR UPDATE`;
    const member = await tx.member.findFirst({ where: { userId: user.id }, orderBy: { createdAt: "asc" } });
    if (member) return member.organizationId;
    const id = store.ids.next("org");
    const createdAt = new Date(store.clock.now());
    await tx.organization.create({ data: { id, name: user.name, slug: id, createdAt } });
    await tx.member.create({
      data: { id: store.ids.next("mem"), organizationId: id, userId: user.id, role: "owner", createdAt },
    });
    const ctx = { ...store, actor: { kind: "system" as const, job: "sign-up" } };
    await recordAudit(tx, ctx, {
      action: "organization.created",
      entity: "organization",
      entityId: id,
      organizationId: id,
      details: { owner: user.id },
    });
    return id;
  });
}
