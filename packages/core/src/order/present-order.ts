import { Order, type Order as OrderView } from "@berth/contracts";
import type { OrderStep, Prisma } from "@berth/db";

/** What a query has to bring along for `presentOrder`. */
export const orderParts = {
  steps: { orderBy: [{ startedAt: "asc" }, { id: "asc" }] },
  tenant: { select: { id: true } },
} satisfies Prisma.OrderInclude;

type OrderWithParts = Prisma.OrderGetPayload<{ include: typeof orderParts }>;

const presentStep = (step: OrderStep) => ({
  state: step.state,
  attempt: step.attempt,
  status: step.status,
  reason: step.reason,
  startedAt: step.startedAt.toISOString(),
  finishedAt: step.finishedAt?.toISOString() ?? null,
});

/** An order as people see it, with its journal. */
export function presentOrder(row: OrderWithParts): OrderView {
  return Order.parse({
    id: row.id,
    planId: row.planId,
    state: row.state,
    failureReason: row.failureReason,
    tenantId: row.tenant?.id ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    steps: row.steps.map(presentStep),
  });
}
