export const meter = (input: {
  id: string;
  created: number;
  display_name: string;
  event_name: string;
  customer_mapping: { event_payload_key: string; type: "by_id" };
  default_aggregation: { formula: "sum" | "count" | "last" };
  event_time_window: "day" | "hour" | null;
  value_settings: { event_payload_key: string };
}) => ({
  ...input,
  object: "billing.meter" as const,
  livemode: false,
  status: "active" as "active" | "inactive",
  status_transitions: { deactivated_at: null as number | null },
  updated: input.created,
});
export type Meter = ReturnType<typeof meter>;

export const meterEvent = (input: {
  created: number;
  event_name: string;
  identifier: string;
  payload: Record<string, string>;
  timestamp: number;
}) => ({ ...input, object: "billing.meter_event" as const, livemode: false });

export const meterEventSummary = (input: {
  id: string;
  meter: string;
  aggregated_value: number;
  start_time: number;
  end_time: number;
}) => ({ ...input, object: "billing.meter_event_summary" as const, livemode: false });
