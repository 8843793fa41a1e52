import { z } from "zod";
import { type Call, demand, secondsOf } from "../call.ts";
import { endpoint } from "../endpoint.ts";
import { invalidRequest } from "../errors.ts";
import { stripeId } from "../ids.ts";
import { pageOf } from "../lists.ts";
import { type Meter, meter, meterEvent, meterEventSummary } from "../objects/meter.ts";
import { integer, listParams, params, text } from "../params.ts";
import { meterTotal } from "./meter-totals.ts";

const daySeconds = 86_400;
const oldestEventSeconds = 35 * daySeconds;
const futureEventSeconds = 5 * 60;
const windowSeconds = { hour: 3600, day: daySeconds } as const;

const payloadKey = z.strictObject({ event_payload_key: text });
const meterParams = params({
  display_name: text,
  event_name: text.max(100),
  default_aggregation: z.strictObject({ formula: z.enum(["sum", "count", "last"]) }),
  customer_mapping: payloadKey.extend({ type: z.literal("by_id") }).optional(),
  event_time_window: z.enum(["day", "hour"]).optional(),
  value_settings: payloadKey.optional(),
});
const eventParams = params({
  event_name: text.max(100),
  payload: z.record(z.string(), z.string()),
  identifier: text.max(100).optional(),
  timestamp: integer.optional(),
});

const activeMeter = (call: Call, eventName: string): Meter | undefined =>
  call.store.list("billing.meter").find((one) => one.event_name === eventName && one.status === "active");

function recordMeterEvent(call: Call, input: z.infer<typeof eventParams>) {
  const used = activeMeter(call, input.event_name);
  if (!used)
    throw invalidRequest(`No active meter found for event name '${input.event_name}'`, { param: "event_name" });
  const now = secondsOf(call);
  const timestamp = input.timestamp ?? now;
  if (timestamp < now - oldestEventSeconds) {
    throw invalidRequest("The timestamp must be within the past 35 calendar days.", { param: "timestamp" });
  }
  if (timestamp > now + futureEventSeconds) {
    throw invalidRequest("The timestamp must not be more than 5 minutes in the future.", { param: "timestamp" });
  }
  const { customer, value } = customerAndValue(call, used, input.payload);
  const identifier = input.identifier ?? stripeId("mtr_event");
  const { changes } = call.store.database
    .prepare(
      "INSERT OR IGNORE INTO meter_events (identifier, event_name, customer, value, timestamp) VALUES (?, ?, ?, ?, ?)",
    )
    .run(identifier, input.event_name, customer, value, timestamp);
  if (changes === 0) {
    throw invalidRequest(`An event already exists with identifier ${identifier}.`, { param: "identifier" });
  }
  const { event_name, payload } = input;
  return meterEvent({ created: now, event_name, identifier, payload: { ...payload }, timestamp });
}

function customerAndValue(
  call: Call,
  used: Meter,
  payload: Record<string, string>,
): { customer: string; value: number } {
  const customerKey = used.customer_mapping.event_payload_key;
  const customer = payload[customerKey];
  if (!customer)
    throw invalidRequest(`Missing required param: payload[${customerKey}].`, { code: "parameter_missing" });
  demand(call, "customer", customer, `payload[${customerKey}]`);
  const valueKey = used.value_settings.event_payload_key;
  const given = payload[valueKey] ?? (used.default_aggregation.formula === "count" ? "1" : undefined);
  if (given === undefined || !/^-?\d{1,15}$/.test(given)) {
    throw invalidRequest(`The value of payload[${valueKey}] must be a whole number.`, {
      param: `payload[${valueKey}]`,
    });
  }
  return { customer, value: Number(given) };
}

const summaryParams = listParams({
  customer: text,
  start_time: integer,
  end_time: integer,
  value_grouping_window: z.enum(["hour", "day"]).optional(),
});

function summariesOf(call: Call, query: z.infer<typeof summaryParams>, id: string) {
  const used = demand(call, "billing.meter", id);
  const { start_time: start, end_time: end, value_grouping_window: grouping } = query;
  const step = grouping ? windowSeconds[grouping] : 60;
  if (start % step !== 0 || end % step !== 0) {
    throw invalidRequest(`start_time and end_time must be aligned with ${grouping ?? "minute"} boundaries.`);
  }
  if (end <= start) throw invalidRequest("end_time must be after start_time.", { param: "end_time" });
  const width = grouping ? step : end - start;
  if ((end - start) / width > 10_000) throw invalidRequest("The window has too many groups.", { param: "start_time" });
  const summaries = [];
  for (let from = end - width; from >= start; from -= width) {
    const total = meterTotal(call, used, query.customer, from, from + width);
    if (total.events === 0) continue;
    const summaryId = `mtrusg_${used.id}_${query.customer}_${from}`;
    summaries.push(
      meterEventSummary({
        id: summaryId,
        meter: id,
        aggregated_value: total.value,
        start_time: from,
        end_time: from + width,
      }),
    );
  }
  return pageOf(summaries, query, `/v1/billing/meters/${id}/event_summaries`);
}

export const meterEndpoints = [
  endpoint("POST", "/v1/billing/meters", meterParams, (call, input) => {
    if (activeMeter(call, input.event_name)) {
      throw invalidRequest(`There is already an active meter with the event name '${input.event_name}'.`, {
        param: "event_name",
      });
    }
    return call.store.put(
      meter({
        id: stripeId("mtr_test", 32),
        created: secondsOf(call),
        display_name: input.display_name,
        event_name: input.event_name,
        customer_mapping: input.customer_mapping ?? { event_payload_key: "stripe_customer_id", type: "by_id" },
        default_aggregation: input.default_aggregation,
        event_time_window: input.event_time_window ?? null,
        value_settings: input.value_settings ?? { event_payload_key: "value" },
      }),
    );
  }),
  endpoint(
    "GET",
    "/v1/billing/meters",
    listParams({ status: z.enum(["active", "inactive"]).optional() }),
    (call, query) =>
      pageOf(
        call.store.list("billing.meter").filter((one) => (query.status ?? one.status) === one.status),
        query,
        "/v1/billing/meters",
      ),
  ),
  endpoint("GET", "/v1/billing/meters/:id", params({}), (call, _params, id) => demand(call, "billing.meter", id)),
  endpoint("POST", "/v1/billing/meters/:id", params({ display_name: text.optional() }), (call, input, id) => {
    const present = demand(call, "billing.meter", id);
    return call.store.put({
      ...present,
      display_name: input.display_name ?? present.display_name,
      updated: secondsOf(call),
    });
  }),
  endpoint("POST", "/v1/billing/meters/:id/deactivate", params({}), (call, _params, id) => {
    const now = secondsOf(call);
    const present = demand(call, "billing.meter", id);
    return call.store.put({
      ...present,
      status: "inactive",
      status_transitions: { deactivated_at: now },
      updated: now,
    });
  }),
  endpoint("POST", "/v1/billing/meters/:id/reactivate", params({}), (call, _params, id) => {
    const present = demand(call, "billing.meter", id);
    return call.store.put({
      ...present,
      status: "active",
      status_transitions: { deactivated_at: null },
      updated: secondsOf(call),
    });
  }),
  endpoint("GET", "/v1/billing/meters/:id/event_summaries", summaryParams, summariesOf),
  endpoint("POST", "/v1/billing/meter_events", eventParams, recordMeterEvent),
];
