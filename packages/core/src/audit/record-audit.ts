import type { Prisma, Tx } from "@berth/db";
import { canonicalJson, sha256Hex } from "@berth/platform";
import { actorIdOf, type Ctx } from "../context.ts";

export interface AuditEntry {
  /** `<entity>.<verb>`, e.g. `order.created`. */
  action: string;
  entity: string;
  entityId: string;
  /** Whose chain it joins; null for what belongs to no organisation. */
  organizationId: string | null;
  /** Before and after, ids and counts; never a secret's value. */
  details?: Prisma.InputJsonObject;
}

/** What an audit row's hash covers: everything but the hash. */
export interface AuditFields {
  id: string;
  chain: string;
  position: number;
  at: Date;
  actorKind: string;
  actorId: string | null;
  action: string;
  entity: string;
  entityId: string;
  details: unknown;
  previousHash: string;
}

/** SHA-256 over the RFC 8785 form of a row's fields, the hash of the row before it among them. */
export const auditHash = (fields: AuditFields): string =>
  sha256Hex(
    canonicalJson({
      id: fields.id,
      chain: fields.chain,
      position: fields.position,
      at: fields.at.toISOString(),
      actorKind: fields.actorKind,
      actorId: fields.actorId,
      action: fields.action,
      entity: fields.entity,
      entityId: fields.entityId,
      details: fields.details,
      previousHash: fields.previousHash,
    }),
  );

/**
 * Writes one row to the audit log, in the transaction of the change itself. Call it last: it holds the organisation's
 * chain until the transaction ends.
 */
export async function recordAudit(tx: Tx, ctx: Pick<Ctx, "actor" | "clock" | "ids">, entry: AuditEntry): Promise<void> {
  const chain = entry.organizationId ?? "hub";
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`audit:${chain}`}, 0))`;
  const last = await tx.auditEvent.findFirst({ where: { chain }, orderBy: { position: "desc" } });
  const fields = {
    id: ctx.ids.next("aud"),
    chain,
    position: (last?.position ?? 0) + 1,
    at: new Date(ctx.clock.now()),
    actorKind: ctx.actor.kind,
    actorId: actorIdOf(ctx.actor),
    action: entry.action,
    entity: entry.entity,
    entityId: entry.entityId,
    details: entry.details ?? {},
    previousHash: last?.hash ?? "",
  };
  await tx.auditEvent.create({
    data: { ...fields, organizationId: entry.organizationId, hash: auditHash(fields) },
  });
}
