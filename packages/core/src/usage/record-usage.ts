import type { ReportUsageInput, UsageBucket } from "@berth/contracts";
import { inTransaction, type Tx } from "@berth/db";
import { fail } from "@berth/platform";
import { type CtxWith, requireActor } from "../context.ts";
import { publishEvent } from "../events/publish.ts";
import { enqueueJob } from "../outbox/enqueue-job.ts";
import { hourMs } from "./billing-period.ts";

/** How far a server's clock may run ahead of ours. */
const clockSkewMs = hourMs;

/**
 * Keeps the tenant's hourly totals. A total never goes down, so that repeats and reordering change nothing.
 * Throws `invalid_input` for an hour that is none, or that lies in the future.
 */
export async function recordUsage({
  ctx,
  input,
}: {
  ctx: CtxWith;
  input: ReportUsageInput;
}): Promise<{ changed: number }> {
  const { tenantId } = requireActor(ctx, "tenantAgent");
  requireHours(input.buckets, ctx.clock.now() + clockSkewMs);
  const changed = await inTransaction(ctx.db, async (tx) => {
    const count = await raiseTotals(tx, tenantId, mergeBuckets(input.buckets), ctx.clock.now());
    if (count === 0) return 0;
    const { organizationId } = await tx.tenant.findUniqueOrThrow({ where: { id: tenantId } });
    await enqueueJob(tx, ctx, "usage.report", { tenantId });
    await publishEvent(tx, { entity: "usage", id: tenantId, tenantId, organizationId });
    return count;
  });
  return { changed };
}

function requireHours(buckets: UsageBucket[], latestMs: number): void {
  const errors = buckets.flatMap((bucket, index) => {
    const path = `buckets.${index}.hour`;
    const ms = Date.parse(bucket.hour);
    if (ms % hourMs !== 0) return [{ path, message: "must be the start of a UTC hour" }];
    return ms > latestMs ? [{ path, message: "lies in the future" }] : [];
  });
  if (errors.length > 0) fail("invalid_input", "Some hours are wrong.", { errors });
}

/** One bucket a key, the highest total of each, in the order of their keys so that two writers cannot lock crosswise. */
function mergeBuckets(buckets: UsageBucket[]): UsageBucket[] {
  const byKey = new Map<string, UsageBucket>();
  for (const bucket of buckets) {
    const key = JSON.stringify([Date.parse(bucket.hour), bucket.agent, bucket.provider, bucket.model, bucket.kind]);
    const known = byKey.get(key);
    if (!known || known.tokens < bucket.tokens) byKey.set(key, bucket);
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bucket]) => bucket);
}

/** Answers how many rows are new or went up. */
function raiseTotals(tx: Tx, tenantId: string, buckets: UsageBucket[], nowMs: number): Promise<number> {
  return tx.$executeRaw`
    INSERT INTO "UsageBucket" ("tenantId", "hour", "agent", "provider", "model", "kind", "tokens", "receivedAt")
    SELECT ${tenantId}, b."hour"::timestamptz, b."agent", b."provider", b."model", b."kind"::"TokenKind", b."tokens"::bigint,
           ${new Date(nowMs)}
    FROM unnest(
      ${buckets.map((bucket) => bucket.hour)}::text[], ${buckets.map((bucket) => bucket.agent)}::text[],
      ${buckets.map((bucket) => bucket.provider)}::text[], ${buckets.map((bucket) => bucket.model)}::text[],
      ${buckets.map((bucket) => bucket.kind)}::text[], ${buckets.map((bucket) => String(bucket.tokens))}::text[]
    ) AS b("hour", "agent", "provider", "model", "kind", "tokens")
    ON CONFLICT ("tenantId", "hour", "agent", "provider", "model", "kind") DO UPDATE
      SET "tokens" = greatest("UsageBucket"."tokens", EXCLUDED."tokens"), "receivedAt" = EXCLUDED."receivedAt"
      WHERE EXCLUDED."tokens" > "UsageBucket"."tokens"`;
}
