import type { OrderState } from "@berth/contracts";
import type { Order, Server, Tenant, Tx } from "@berth/db";
import type { Ctx } from "../../context.ts";

export type OrderInWork = Order & {
  server: Server | null;
  tenant: Tenant | null;
  organization: { name: string };
};

export type StepOutcome =
  /** Done: the order moves on. `write` joins the transaction of the move. */
  | { kind: "done"; write?: (tx: Tx) => Promise<void> }
  /** Not yet: look again after `delayMs`. `reason` is shown to the customer. */
  | { kind: "wait"; delayMs: number; reason: string };

/**
 * What leads an order out of one state. `run` must be idempotent: it is called again after a crash at any point, and from
 * the failed step on a retry. It throws AppError: `unavailable`, `rate_limited` and `internal` are tried again until the
 * deadline, everything else fails the order at once.
 */
export interface Step {
  next: OrderState;
  /** For the mail and the operator: what this step does, in a few words. */
  title: string;
  deadlineMs: number;
  run(ctx: Ctx, order: OrderInWork): Promise<StepOutcome>;
}

export const minutes = (count: number): number => count * 60_000;
