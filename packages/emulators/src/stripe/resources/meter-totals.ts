import type { Emulator } from "../call.ts";
import type { Meter } from "../objects/meter.ts";

/** What the meter counted for a customer in [from, to), Unix seconds, by the meter's own formula. */
export function meterTotal(
  { store }: Pick<Emulator, "store">,
  meter: Meter,
  customer: string,
  from: number,
  to: number,
): { value: number; events: number } {
  const rows = store.database
    .prepare(
      "SELECT value FROM meter_events WHERE event_name = ? AND customer = ? AND timestamp >= ? AND timestamp < ? ORDER BY timestamp, rowid",
    )
    .all(meter.event_name, customer, from, to)
    .map((row) => Number(row.value));
  const value = {
    sum: rows.reduce((total, one) => total + one, 0),
    count: rows.length,
    last: rows.at(-1) ?? 0,
  }[meter.default_aggregation.formula];
  return { value, events: rows.length };
}
