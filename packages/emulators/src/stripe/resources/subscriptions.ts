import { z } from "zod";
import { type Call, demand, emit, secondsOf } from "../call.ts";
import { endpoint } from "../endpoint.ts";
import { invalidRequest } from "../errors.ts";
import { pageOf } from "../lists.ts";
import type { Subscription } from "../objects/subscription.ts";
import { boolean, emptyableText, listParams, mergeMetadata, metadata, params, text } from "../params.ts";

const cancellationDetails = z.strictObject({
  comment: emptyableText.optional(),
  feedback: z
    .enum([
      "customer_service",
      "low_quality",
      "missing_features",
      "other",
      "switched_service",
      "too_complex",
      "too_expensive",
      "unused",
    ])
    .optional(),
});

/** Ends it at once; without a refund, as Stripe does it. */
export function cancelNow(
  call: Call,
  present: Subscription,
  details: z.infer<typeof cancellationDetails> = {},
): Subscription {
  const now = secondsOf(call);
  const canceled = call.store.put({
    ...present,
    status: "canceled" as const,
    canceled_at: present.canceled_at ?? now,
    ended_at: now,
    cancellation_details: {
      comment: details.comment || null,
      feedback: details.feedback ?? null,
      reason: "cancellation_requested",
    },
  });
  emit(call, "customer.subscription.deleted", canceled);
  return canceled;
}

/** Schedules the end for the end of the running period, or takes that back. */
export function setCancelAtPeriodEnd(call: Call, present: Subscription, cancel: boolean): Subscription {
  if (present.cancel_at_period_end === cancel) return present;
  const end = Math.min(...present.items.data.map((item) => item.current_period_end));
  const changed = call.store.put({
    ...present,
    cancel_at_period_end: cancel,
    cancel_at: cancel ? end : null,
    canceled_at: cancel ? secondsOf(call) : null,
    cancellation_details: { ...present.cancellation_details, reason: cancel ? "cancellation_requested" : null },
  });
  emit(call, "customer.subscription.updated", changed, {
    cancel_at: present.cancel_at,
    cancel_at_period_end: present.cancel_at_period_end,
    canceled_at: present.canceled_at,
  });
  return changed;
}

export const subscriptionEndpoints = [
  endpoint(
    "GET",
    "/v1/subscriptions",
    listParams({
      customer: text.optional(),
      price: text.optional(),
      status: z.enum(["active", "all", "canceled", "ended", "incomplete", "past_due", "trialing", "unpaid"]).optional(),
    }),
    (call, query) => {
      const wanted = (one: Subscription): boolean =>
        (query.customer ?? one.customer) === one.customer &&
        (query.price === undefined || one.items.data.some((item) => item.price.id === query.price)) &&
        matchesStatus(one, query.status);
      return pageOf(call.store.list("subscription").filter(wanted), query, "/v1/subscriptions");
    },
  ),
  endpoint("GET", "/v1/subscriptions/:id", params({}), (call, _params, id) => demand(call, "subscription", id)),
  endpoint(
    "POST",
    "/v1/subscriptions/:id",
    params({
      cancel_at_period_end: boolean.optional(),
      cancellation_details: cancellationDetails.optional(),
      metadata: metadata.optional(),
    }),
    (call, input, id) => {
      const present = demand(call, "subscription", id);
      if (present.status === "canceled") {
        throw invalidRequest("A canceled subscription can only update its cancellation_details and metadata.");
      }
      const scheduled = setCancelAtPeriodEnd(call, present, input.cancel_at_period_end ?? present.cancel_at_period_end);
      if (input.metadata === undefined) return scheduled;
      const changed = call.store.put({ ...scheduled, metadata: mergeMetadata(scheduled.metadata, input.metadata) });
      emit(call, "customer.subscription.updated", changed, { metadata: scheduled.metadata });
      return changed;
    },
  ),
  endpoint(
    "DELETE",
    "/v1/subscriptions/:id",
    params({
      cancellation_details: cancellationDetails.optional(),
      invoice_now: boolean.optional(),
      prorate: boolean.optional(),
    }),
    (call, input, id) => {
      const present = demand(call, "subscription", id);
      if (present.status === "canceled") throw missing(id);
      return cancelNow(call, present, input.cancellation_details);
    },
  ),
];

/** Without a status Stripe lists all that are not canceled. */
function matchesStatus(one: Subscription, status: string | undefined): boolean {
  if (status === "all") return true;
  if (status === undefined) return one.status !== "canceled";
  return one.status === (status === "ended" ? "canceled" : status);
}

const missing = (id: string) =>
  invalidRequest(`No such subscription: '${id}'`, { code: "resource_missing", param: "id" });
