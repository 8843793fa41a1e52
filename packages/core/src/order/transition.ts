import type { OrderState, TenantId } from "@berth/contracts";
import type { Order, Prisma, Tx } from "@berth/db";
import { fail } from "@berth/platform";
import { recordAudit } from "../audit/record-audit.ts";
import type { Ctx } from "../context.ts";
import { publishEvent } from "../events/publish.ts";
import { isAllowed } from "./transitions.ts";

export interface Move {
  order: Pick<Order, "id" | "organizationId" | "state">;
  to: OrderState;
  tenantId?: TenantId | null;
  /** Further columns that change with the state. */
  data?: Prisma.OrderUncheckedUpdateManyInput;
  /** Only while this holder has the order's lease. */
  leaseHolder?: string;
  details?: Prisma.InputJsonObject;
}

/**
 * The only way an order changes its state: checked against the table and against the row, audited, and told to the
 * organisation's browsers. Throws `conflict` for a move that the table lacks, or when somebody else moved the order first.
 */
export async function transition(tx: Tx, ctx: Pick<Ctx, "actor" | "clock" | "ids">, move: Move): Promise<void> {
  const { order, to } = move;
  if (!isAllowed(order.state, to)) {
    fail("conflict", `An order can't go from ${order.state} to ${to}.`, { internal: order.id });
  }
  const now = new Date(ctx.clock.now());
  const { count } = await tx.order.updateMany({
    where: { id: order.id, state: order.state, ...(move.leaseHolder ? { leaseHolder: move.leaseHolder } : {}) },
    data: { ...move.data, state: to, stateEnteredAt: now, updatedAt: now },
  });
  if (count !== 1) fail("conflict", "The order has moved on meanwhile. Look at it again.", { internal: order.id });
  await publishEvent(tx, {
    entity: "order",
    id: order.id,
    tenantId: move.tenantId ?? null,
    organizationId: order.organizationId,
  });
  await recordAudit(tx, ctx, {
    action: "order.state_changed",
    entity: "order",
    entityId: order.id,
    organizationId: order.organizationId,
    details: { from: order.state, to, ...move.details },
  });
}
