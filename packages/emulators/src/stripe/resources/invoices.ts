import { z } from "zod";
import { demand } from "../call.ts";
import { endpoint } from "../endpoint.ts";
import { pageOf } from "../lists.ts";
import { listParams, params, text } from "../params.ts";

const invoiceStatus = z.enum(["draft", "open", "paid", "uncollectible", "void"]);

/** Read-only here: the emulator makes an invoice when a subscription starts or renews. */
export const invoiceEndpoints = [
  endpoint(
    "GET",
    "/v1/invoices",
    listParams({ customer: text.optional(), subscription: text.optional(), status: invoiceStatus.optional() }),
    (call, query) =>
      pageOf(
        call.store
          .list("invoice")
          .filter(
            (one) =>
              (query.customer ?? one.customer) === one.customer &&
              (query.subscription ?? one.subscription) === one.subscription &&
              (query.status === undefined || one.status === query.status),
          ),
        query,
        "/v1/invoices",
      ),
  ),
  endpoint("GET", "/v1/invoices/:id", params({}), (call, _params, id) => demand(call, "invoice", id)),
  endpoint("GET", "/v1/invoices/:id/lines", listParams({}), (call, query, id) =>
    pageOf(demand(call, "invoice", id).lines.data, query, `/v1/invoices/${id}/lines`),
  ),
  endpoint(
    "GET",
    "/v1/invoice_payments",
    listParams({ invoice: text.optional(), status: z.enum(["canceled", "open", "paid"]).optional() }),
    (call, query) =>
      pageOf(
        call.store
          .list("invoice_payment")
          .filter(
            (one) => (query.invoice ?? one.invoice) === one.invoice && (query.status ?? one.status) === one.status,
          ),
        query,
        "/v1/invoice_payments",
      ),
  ),
  endpoint("GET", "/v1/invoice_payments/:id", params({}), (call, _params, id) => demand(call, "invoice_payment", id)),
];
