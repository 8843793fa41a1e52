import type { Order, OrderId } from "@berth/contracts";
import { inTransaction } from "@berth/db";
import { fail } from "@berth/platform";
import { type CtxWith, requireActor } from "../context.ts";
import { enqueueJob } from "../outbox/enqueue-job.ts";
import { getOrder } from "./get-order.ts";
import { transition } from "./transition.ts";

/** Staff only: a failed order goes on from the step that failed. Throws `conflict` for an order that has not failed. */
export async function retryOrder({ ctx, input }: { ctx: CtxWith; input: { orderId: OrderId } }): Promise<Order> {
  requireActor(ctx, "staff");
  const { orderId } = input;
  await inTransaction(ctx.db, async (tx) => {
    const order = await tx.order.findUnique({ where: { id: orderId } });
    if (!order) fail("not_found", "There is no such order.");
    if (order.state !== "FAILED" || !order.failedFrom) fail("conflict", "Only a failed order can be tried again.");
    // The plan's steps are idempotent and the enrolment token was for one use: the server is set up anew.
    if (order.failedFrom === "PROVISIONING") {
      await tx.server.updateMany({ where: { orderId }, data: { provisionedAt: null } });
    }
    await enqueueJob(tx, ctx, "order.advance", { orderId });
    await transition(tx, ctx, { order, to: order.failedFrom, data: { failedFrom: null, failureReason: null } });
  });
  return getOrder({ ctx, input });
}
