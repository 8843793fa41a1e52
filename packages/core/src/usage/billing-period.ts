import type { Order } from "@berth/db";

export const hourMs = 3_600_000;

export interface BillingPeriod {
  startMs: number;
  endMs: number;
  /** Start of the hour in which the period begins: the first bucket that counts for it. */
  firstHourMs: number;
}

/** The period as Stripe says it; before Stripe has said anything, the calendar month (UTC). */
export function billingPeriodOf(
  order: Pick<Order, "currentPeriodStart" | "currentPeriodEnd">,
  nowMs: number,
): BillingPeriod {
  const now = new Date(nowMs);
  const startMs = order.currentPeriodStart?.getTime() ?? Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const endMs = order.currentPeriodEnd?.getTime() ?? Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
  return { startMs, endMs, firstHourMs: Math.floor(startMs / hourMs) * hourMs };
}
