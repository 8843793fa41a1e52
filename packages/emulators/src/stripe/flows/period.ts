import type { Price } from "../objects/price.ts";

const daySeconds = 86_400;

/** End of the billing period that begins at `start` (Unix seconds). A month ends on the same day or the month's last. */
export function periodEnd(start: number, price: Price): number {
  const { interval = "month", interval_count: count = 1 } = price.recurring ?? {};
  if (interval === "day") return start + count * daySeconds;
  if (interval === "week") return start + count * 7 * daySeconds;
  const months = interval === "month" ? count : count * 12;
  const from = new Date(start * 1000);
  const end = new Date(from);
  end.setUTCDate(1);
  end.setUTCMonth(end.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
  end.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return end.getTime() / 1000;
}
