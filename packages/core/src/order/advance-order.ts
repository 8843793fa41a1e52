import { type OrderId, TenantId } from "@berth/contracts";
import { inTransaction, type OrderStep, type Tx } from "@berth/db";
import { type AppError, appErrorOf } from "@berth/platform";
import { type Ctx, requireActor } from "../context.ts";
import { publishEvent } from "../events/publish.ts";
import { enqueueJob } from "../outbox/enqueue-job.ts";
import { closeStep, openStep } from "./journal.ts";
import { takeLease } from "./lease.ts";
import { steps } from "./steps/index.ts";
import type { OrderInWork, Step, StepOutcome } from "./steps/step.ts";
import { transition } from "./transition.ts";

/** Faults that time may heal; anything else fails the order at once. */
const passing = new Set<AppError["code"]>(["unavailable", "rate_limited", "internal"]);
const tryAgainMs = 3_000;

interface Work {
  order: OrderInWork;
  step: Step;
  row: OrderStep;
  leaseHolder: string;
}

/**
 * Moves an order on by one state, or finds that it has to wait, or fails it with a reason. One call works on an order at a
 * time; a call that comes while another works looks again later. Killed anywhere, the next call goes on from the journal.
 */
export async function advanceOrder({ ctx, input }: { ctx: Ctx; input: { orderId: OrderId } }): Promise<void> {
  requireActor(ctx, "system");
  const { orderId } = input;
  const lease = await takeLease(ctx, orderId);
  if ("busyUntil" in lease) {
    const delayMs = Math.max(lease.busyUntil - ctx.clock.now(), 0) + 500;
    return inTransaction(ctx.db, (tx) => lookAgain(tx, ctx, orderId, delayMs));
  }
  try {
    const order = await ctx.db.order.findUniqueOrThrow({
      where: { id: orderId },
      include: { server: true, tenant: true, organization: { select: { name: true } } },
    });
    const step = steps[order.state];
    if (!step) return;
    const row = await openStep(ctx, { orderId, state: order.state, deadlineMs: step.deadlineMs });
    await work(ctx, orderId, { order, step, row, leaseHolder: lease.holder });
  } finally {
    await lease.release();
  }
}

async function work(ctx: Ctx, orderId: OrderId, current: Work): Promise<void> {
  const { order, step, row } = current;
  const outcome = await runUntilDeadline(ctx, step, order, row).catch(appErrorOf);
  if (!(outcome instanceof Error) && outcome.kind === "done") return moveOn(ctx, orderId, current, outcome);
  const reason = outcome instanceof Error ? outcome.publicMessage : outcome.reason;
  if (outcome instanceof Error) {
    ctx.log.warn(
      { orderId, state: order.state, attempt: row.attempt, code: outcome.code, err: outcome },
      "step failed",
    );
    if (!passing.has(outcome.code)) return failOrder(ctx, orderId, current, reason);
  }
  if (ctx.clock.now() >= row.deadlineAt.getTime()) {
    const allowed = Math.round(step.deadlineMs / 60_000);
    return failOrder(
      ctx,
      orderId,
      current,
      `${step.title} took longer than ${allowed} minutes. The last we heard: ${reason}`,
    );
  }
  const delayMs = outcome instanceof Error ? tryAgainMs : outcome.delayMs;
  await inTransaction(ctx.db, async (tx) => {
    const now = new Date(ctx.clock.now());
    const { count } = await tx.orderStep.updateMany({
      where: { id: row.id, OR: [{ reason: null }, { reason: { not: reason } }] },
      data: { reason },
    });
    await tx.order.update({ where: { id: orderId }, data: { updatedAt: now } });
    if (count > 0) await tellBrowsers(tx, current);
    await lookAgain(tx, ctx, orderId, delayMs);
  });
}

/** A step that hangs must not hold its order for ever: at the deadline it counts as "not available". */
async function runUntilDeadline(ctx: Ctx, step: Step, order: OrderInWork, row: OrderStep): Promise<StepOutcome> {
  // At least a little time, so that a step which a long outage held back gets one honest try.
  const leftMs = Math.max(row.deadlineAt.getTime() - ctx.clock.now(), 30_000);
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<StepOutcome>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "wait", delayMs: tryAgainMs, reason: "No answer." }), leftMs);
  });
  try {
    return await Promise.race([step.run(ctx, order), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

async function moveOn(
  ctx: Ctx,
  orderId: OrderId,
  { order, step, row, leaseHolder }: Work,
  outcome: Extract<StepOutcome, { kind: "done" }>,
): Promise<void> {
  const moved = await ifStillOurs(ctx, orderId, async (tx) => {
    await transition(tx, ctx, { order, to: step.next, tenantId: tenantIdOf(order), leaseHolder });
    await outcome.write?.(tx);
    await closeStep(tx, ctx.clock, row, { status: "succeeded", reason: null });
    if (step.next === "ACTIVE") await enqueueJob(tx, ctx, "order.mail", { orderId, mail: "active" });
    else await enqueueJob(tx, ctx, "order.advance", { orderId });
  });
  if (moved) ctx.log.info({ orderId, from: order.state, to: step.next, attempt: row.attempt }, "order moved on");
}

async function failOrder(ctx: Ctx, orderId: OrderId, current: Work, reason: string): Promise<void> {
  const { order, row, leaseHolder } = current;
  const failed = await ifStillOurs(ctx, orderId, async (tx) => {
    await transition(tx, ctx, {
      order,
      to: "FAILED",
      tenantId: tenantIdOf(order),
      leaseHolder,
      data: { failedFrom: order.state, failureReason: reason },
      details: { reason },
    });
    await closeStep(tx, ctx.clock, row, { status: "failed", reason });
    await enqueueJob(tx, ctx, "order.mail", { orderId, mail: "failed" });
  });
  if (failed) ctx.log.error({ orderId, state: order.state, attempt: row.attempt, reason }, "order failed");
}

/** A worker that was taken for dead and comes back finds the order moved: it writes nothing, and there is nothing to retry. */
async function ifStillOurs(ctx: Ctx, orderId: OrderId, write: (tx: Tx) => Promise<void>): Promise<boolean> {
  try {
    await inTransaction(ctx.db, write);
    return true;
  } catch (error) {
    if (appErrorOf(error).code !== "conflict") throw error;
    ctx.log.warn({ orderId }, "somebody else took this order over; nothing was written");
    return false;
  }
}

/** At most one look-again waits for an order, however many calls found that it has to wait. */
async function lookAgain(tx: Tx, ctx: Ctx, orderId: OrderId, delayMs: number): Promise<void> {
  const waiting = await tx.outboxMessage.findFirst({
    where: {
      job: "order.advance",
      dispatchedAt: null,
      payload: { path: ["orderId"], equals: orderId },
    },
    select: { id: true },
  });
  if (!waiting) await enqueueJob(tx, ctx, "order.advance", { orderId }, { delayMs });
}

const tenantIdOf = (order: OrderInWork) => (order.tenant ? TenantId.parse(order.tenant.id) : null);

const tellBrowsers = (tx: Tx, { order }: Work): Promise<void> =>
  publishEvent(tx, {
    entity: "order",
    id: order.id,
    tenantId: tenantIdOf(order),
    organizationId: order.organizationId,
  });
