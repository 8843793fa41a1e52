import { type EnrolInput, type EnrolResult, OrderId, TenantId } from "@berth/contracts";
import { type EnrolmentToken, inTransaction, type Tenant, type Tx } from "@berth/db";
import { fail, sha256Hex } from "@berth/platform";
import { recordAudit } from "../audit/record-audit.ts";
import type { CtxWith } from "../context.ts";
import { publishEvent } from "../events/publish.ts";
import { enqueueJob } from "../outbox/enqueue-job.ts";

type EnrolCtx = CtxWith<"hubKeys" | "config">;
type Refusal = "unknown" | "revoked" | "foreign" | "expired" | "used";
type Outcome = { kind: "enrolled"; tenantId: TenantId; keyId: string } | { kind: "refused"; why: Refusal };

/**
 * Takes the one-time token of a new server and keeps the public key that the server made. The same token with the same key
 * gets the same answer for as long as the token lives, so that an answer lost on the way costs nothing.
 * Throws `unauthenticated`, in one wording whatever is wrong with the token; the audit log of a known token says which it was.
 */
export async function enrol({ ctx, input }: { ctx: EnrolCtx; input: EnrolInput }): Promise<EnrolResult> {
  const outcome = await inTransaction(ctx.db, async (tx) => {
    const token = await tx.enrolmentToken.findUnique({
      where: { tokenHash: sha256Hex(input.token) },
      include: { tenant: true },
    });
    const judged = await judge(tx, ctx, input, token);
    // A token that nobody made says nothing of any tenant: strangers write nothing into a log that only grows.
    if (judged.kind === "refused" && token) await recordRefusal(tx, ctx, token, judged.why);
    return judged;
  });
  if (outcome.kind === "refused") {
    ctx.log.warn({ why: outcome.why }, "an enrolment was refused");
    fail("unauthenticated", "The enrolment token was not accepted.", { internal: `token is ${outcome.why}` });
  }
  return {
    tenantId: outcome.tenantId,
    keyId: outcome.keyId,
    hubKeys: ctx.deps.hubKeys.all,
    heartbeatIntervalMs: ctx.deps.config.heartbeatIntervalMs,
  };
}

const refused = (why: Refusal): Outcome => ({ kind: "refused", why });

async function judge(
  tx: Tx,
  ctx: EnrolCtx,
  input: EnrolInput,
  token: (EnrolmentToken & { tenant: Tenant }) | null,
): Promise<Outcome> {
  if (!token) return refused("unknown");
  if (token.revokedAt) return refused("revoked");
  if (token.serverId !== token.tenant.serverId) return refused("foreign");
  if (input.tenantId !== undefined && input.tenantId !== token.tenantId) return refused("foreign");
  const now = new Date(ctx.clock.now());
  if (token.expiresAt <= now) return refused("expired");
  // One statement decides who uses it: of two requests at once, the second waits here and then finds it used.
  const { count } = await tx.enrolmentToken.updateMany({
    where: { id: token.id, usedAt: null, revokedAt: null },
    data: { usedAt: now },
  });
  if (count === 1) return keepKey(tx, ctx, input, token.tenant);
  const holder = await tx.tenant.findUniqueOrThrow({ where: { id: token.tenantId } });
  if (holder.publicKey !== input.publicKey || !holder.keyId) return refused("used");
  return { kind: "enrolled", tenantId: TenantId.parse(holder.id), keyId: holder.keyId };
}

async function keepKey(tx: Tx, ctx: EnrolCtx, input: EnrolInput, tenant: Tenant): Promise<Outcome> {
  const tenantId = TenantId.parse(tenant.id);
  const keyId = ctx.ids.next("key");
  const { organizationId } = tenant;
  const now = new Date(ctx.clock.now());
  await tx.tenant.update({
    where: { id: tenantId },
    data: {
      keyId,
      publicKey: input.publicKey,
      enrolledAt: now,
      updatedAt: now,
      versions: input.versions,
      // A server may say that it has less isolation than was ordered, never more.
      isolation: input.isolation === "process" ? "process" : tenant.isolation,
    },
  });
  await enqueueJob(tx, ctx, "order.advance", { orderId: OrderId.parse(tenant.orderId) });
  await publishEvent(tx, { entity: "tenant", id: tenantId, tenantId, organizationId });
  const agent = { ...ctx, actor: { kind: "tenantAgent" as const, tenantId } };
  const details = { keyId, isolation: input.isolation };
  await recordAudit(tx, agent, {
    action: "tenant.enrolled",
    entity: "tenant",
    entityId: tenantId,
    organizationId,
    details,
  });
  return { kind: "enrolled", tenantId, keyId };
}

async function recordRefusal(
  tx: Tx,
  ctx: EnrolCtx,
  token: EnrolmentToken & { tenant: Tenant },
  why: Refusal,
): Promise<void> {
  await recordAudit(tx, ctx, {
    action: "tenant.enrolment_refused",
    entity: "tenant",
    entityId: token.tenantId,
    organizationId: token.tenant.organizationId,
    details: { why, tokenId: token.id },
  });
}
