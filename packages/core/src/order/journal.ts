import type { OrderState } from "@berth/contracts";
import type { Db, OrderStep, Tx } from "@berth/db";
import type { Clock, Ids } from "@berth/platform";

type JournalCtx = { db: Db; clock: Clock; ids: Ids };

/** The attempt that is under way to leave `state`: the one a killed worker began, or a new one with a new deadline. */
export async function openStep(
  ctx: JournalCtx,
  input: { orderId: string; state: OrderState; deadlineMs: number },
): Promise<OrderStep> {
  const { orderId, state } = input;
  const last = await ctx.db.orderStep.findFirst({ where: { orderId, state }, orderBy: { attempt: "desc" } });
  if (last?.status === "running") return last;
  const now = ctx.clock.now();
  return ctx.db.orderStep.create({
    data: {
      id: ctx.ids.next("stp"),
      orderId,
      state,
      attempt: (last?.attempt ?? 0) + 1,
      startedAt: new Date(now),
      deadlineAt: new Date(now + input.deadlineMs),
    },
  });
}

/** Ends the attempt; part of the transaction that moves the order. */
export async function closeStep(
  tx: Tx,
  clock: Clock,
  step: Pick<OrderStep, "id">,
  end: { status: "succeeded" | "failed"; reason: string | null },
): Promise<void> {
  await tx.orderStep.update({
    where: { id: step.id },
    data: { ...end, finishedAt: new Date(clock.now()) },
  });
}
