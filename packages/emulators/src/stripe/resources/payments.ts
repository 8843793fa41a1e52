import { z } from "zod";
import { demand, emit, secondsOf } from "../call.ts";
import { endpoint } from "../endpoint.ts";
import { invalidRequest } from "../errors.ts";
import { stripeId } from "../ids.ts";
import { pageOf } from "../lists.ts";
import { refund } from "../objects/payment.ts";
import { amount, listParams, mergeMetadata, metadata, params, text } from "../params.ts";

/** Read-only here: payments come into being by a completed checkout or a renewed subscription. */
export const paymentEndpoints = [
  endpoint("GET", "/v1/payment_intents", listParams({ customer: text.optional() }), (call, query) =>
    pageOf(
      call.store.list("payment_intent").filter((one) => (query.customer ?? one.customer) === one.customer),
      query,
      "/v1/payment_intents",
    ),
  ),
  endpoint("GET", "/v1/payment_intents/:id", params({}), (call, _params, id) => demand(call, "payment_intent", id)),
  endpoint(
    "GET",
    "/v1/charges",
    listParams({ customer: text.optional(), payment_intent: text.optional() }),
    (call, query) =>
      pageOf(
        call.store
          .list("charge")
          .filter(
            (one) =>
              (query.customer ?? one.customer) === one.customer &&
              (query.payment_intent ?? one.payment_intent) === one.payment_intent,
          ),
        query,
        "/v1/charges",
      ),
  ),
  endpoint("GET", "/v1/charges/:id", params({}), (call, _params, id) => demand(call, "charge", id)),
  endpoint("GET", "/v1/payment_methods/:id", params({}), (call, _params, id) => demand(call, "payment_method", id)),
  endpoint("GET", "/v1/customers/:id/payment_methods", listParams({ type: text.optional() }), (call, query, id) => {
    demand(call, "customer", id);
    const methods = call.store
      .list("payment_method")
      .filter((one) => one.customer === id && (query.type ?? one.type) === one.type);
    return pageOf(methods, query, `/v1/customers/${id}/payment_methods`);
  }),
];

export const refundEndpoints = [
  endpoint(
    "POST",
    "/v1/refunds",
    params({
      amount: amount.optional(),
      charge: text.optional(),
      metadata: metadata.optional(),
      payment_intent: text.optional(),
      reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
    }),
    (call, input) => {
      const intent = input.payment_intent && demand(call, "payment_intent", input.payment_intent, "payment_intent");
      const chargeId = input.charge ?? (intent ? intent.latest_charge : null);
      if (!chargeId) {
        throw invalidRequest(
          "One of the following params should be provided for this request: payment_intent or charge.",
          {
            code: "parameter_missing",
          },
        );
      }
      const charged = demand(call, "charge", chargeId, "charge");
      const left = charged.amount_captured - charged.amount_refunded;
      if (charged.refunded) {
        throw invalidRequest(`Charge ${charged.id} has already been refunded.`, { code: "charge_already_refunded" });
      }
      const wanted = input.amount ?? left;
      if (wanted > left || wanted === 0) {
        throw invalidRequest(`Refund amount (${wanted}) is greater than unrefunded amount on charge (${left})`, {
          param: "amount",
        });
      }
      const made = refund({
        id: stripeId("re"),
        created: secondsOf(call),
        amount: wanted,
        currency: charged.currency,
        charge: charged.id,
        payment_intent: charged.payment_intent,
        reason: input.reason ?? null,
        metadata: mergeMetadata({}, input.metadata),
      });
      call.store.put(made);
      const changed = call.store.put({
        ...charged,
        amount_refunded: charged.amount_refunded + wanted,
        refunded: wanted === left,
        refunds: { ...charged.refunds, data: [made, ...charged.refunds.data] },
      });
      emit(call, "refund.created", made);
      emit(call, "charge.refunded", changed);
      return made;
    },
  ),
  endpoint(
    "GET",
    "/v1/refunds",
    listParams({ charge: text.optional(), payment_intent: text.optional() }),
    (call, query) =>
      pageOf(
        call.store
          .list("refund")
          .filter(
            (one) =>
              (query.charge ?? one.charge) === one.charge &&
              (query.payment_intent ?? one.payment_intent) === one.payment_intent,
          ),
        query,
        "/v1/refunds",
      ),
  ),
  endpoint("GET", "/v1/refunds/:id", params({}), (call, _params, id) => demand(call, "refund", id)),
];
