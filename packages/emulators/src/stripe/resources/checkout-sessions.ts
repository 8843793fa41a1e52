import { z } from "zod";
import { type Call, demand, emit, secondsOf } from "../call.ts";
import { endpoint } from "../endpoint.ts";
import { invalidRequest } from "../errors.ts";
import { stripeId } from "../ids.ts";
import { pageOf } from "../lists.ts";
import {
  type CheckoutLineItem,
  type CheckoutSession,
  checkoutLineItem,
  checkoutSession,
} from "../objects/checkout-session.ts";
import { boolean, integer, listParams, mergeMetadata, metadata, params, text, webAddress } from "../params.ts";

const defaultLifeSeconds = 24 * 3600;
const shortestLifeSeconds = 30 * 60;

const nested = { metadata: metadata.optional(), description: text.optional() };
const CreateParams = params({
  mode: z.enum(["payment", "subscription"]),
  line_items: z
    .array(z.strictObject({ price: text, quantity: integer.pipe(z.int().positive()).optional() }))
    .min(1)
    .max(20),
  allow_promotion_codes: boolean.optional(),
  billing_address_collection: z.enum(["auto", "required"]).optional(),
  cancel_url: webAddress.optional(),
  client_reference_id: text.max(200).optional(),
  customer: text.optional(),
  customer_email: z.email().optional(),
  expires_at: integer.optional(),
  locale: text.optional(),
  metadata: metadata.optional(),
  payment_method_types: text.array().optional(),
  payment_intent_data: z.strictObject(nested).optional(),
  subscription_data: z.strictObject(nested).optional(),
  success_url: webAddress,
  ui_mode: z.literal("hosted_page").optional(),
});
type CreateParams = z.infer<typeof CreateParams>;

function createSession(call: Call, input: CreateParams): CheckoutSession {
  if (input.customer && input.customer_email) {
    throw invalidRequest("You may only specify one of these parameters: customer, customer_email.");
  }
  if (input.customer) demand(call, "customer", input.customer, "customer");
  const now = secondsOf(call);
  const expiresAt = input.expires_at ?? now + defaultLifeSeconds;
  if (expiresAt < now + shortestLifeSeconds || expiresAt > now + defaultLifeSeconds) {
    throw invalidRequest(
      "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
      {
        param: "expires_at",
      },
    );
  }
  const items = input.line_items.map((wanted, index) => lineItemOf(call, input.mode, wanted, index));
  const id = stripeId("cs_test", 58);
  const made = checkoutSession({
    id,
    created: now,
    expires_at: expiresAt,
    url: `${call.publicUrl()}/c/pay/${id}`,
    mode: input.mode,
    currency: items[0]?.currency ?? "usd",
    amount: items.reduce((sum, item) => sum + item.amount_total, 0),
    cancel_url: input.cancel_url ?? null,
    success_url: input.success_url,
    client_reference_id: input.client_reference_id ?? null,
    customer: input.customer ?? null,
    customer_email: input.customer_email ?? null,
    allow_promotion_codes: input.allow_promotion_codes ?? null,
    billing_address_collection: input.billing_address_collection ?? null,
    locale: input.locale ?? null,
    metadata: mergeMetadata({}, input.metadata),
  });
  call.store.put(made);
  call.store.hide(id, items);
  call.store.hide(`${id}/subscription_metadata`, mergeMetadata({}, input.subscription_data?.metadata));
  call.store.hide(`${id}/payment_metadata`, mergeMetadata({}, input.payment_intent_data?.metadata));
  return made;
}

function lineItemOf(
  call: Call,
  mode: CreateParams["mode"],
  wanted: CreateParams["line_items"][number],
  index: number,
): CheckoutLineItem {
  const param = `line_items[${index}]`;
  const price = demand(call, "price", wanted.price, `${param}[price]`);
  const metered = price.recurring?.usage_type === "metered";
  if (!price.active)
    throw invalidRequest("The price specified is inactive. This field only accepts active prices.", {
      param: `${param}[price]`,
    });
  if (mode === "payment" && price.recurring) {
    throw invalidRequest(
      "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.",
      { param },
    );
  }
  if (metered && wanted.quantity !== undefined) {
    throw invalidRequest(
      `Quantity should not be specified where usage_type is \`metered\`. Remove quantity from \`${param}\``,
      { param: `${param}[quantity]` },
    );
  }
  if (!metered && wanted.quantity === undefined) {
    throw invalidRequest(`Missing required param: ${param}[quantity].`, {
      code: "parameter_missing",
      param: `${param}[quantity]`,
    });
  }
  const description = call.store.find("product", price.product)?.name ?? "Product";
  return checkoutLineItem({
    id: stripeId("li"),
    price,
    quantity: metered ? null : (wanted.quantity ?? 1),
    description,
  });
}

/** Reading a session whose time has come expires it, with the event. */
export function readSession(call: Call, id: string): CheckoutSession {
  const present = demand(call, "checkout.session", id);
  return present.status === "open" && present.expires_at <= secondsOf(call) ? expireSession(call, present) : present;
}

function expireSession(call: Call, present: CheckoutSession): CheckoutSession {
  const expired = call.store.put({ ...present, status: "expired" as const, url: null });
  emit(call, "checkout.session.expired", expired);
  return expired;
}

export const checkoutSessionEndpoints = [
  endpoint("POST", "/v1/checkout/sessions", CreateParams, createSession),
  endpoint(
    "GET",
    "/v1/checkout/sessions",
    listParams({
      customer: text.optional(),
      payment_intent: text.optional(),
      status: z.enum(["open", "complete", "expired"]).optional(),
      subscription: text.optional(),
    }),
    (call, query) => {
      const all = call.store.list("checkout.session").map((one) => readSession(call, one.id));
      const found = all.filter(
        (one) =>
          (query.customer === undefined || one.customer === query.customer) &&
          (query.payment_intent === undefined || one.payment_intent === query.payment_intent) &&
          (query.status === undefined || one.status === query.status) &&
          (query.subscription === undefined || one.subscription === query.subscription),
      );
      return pageOf(found, query, "/v1/checkout/sessions");
    },
  ),
  endpoint("GET", "/v1/checkout/sessions/:id", params({}), (call, _params, id) => readSession(call, id)),
  endpoint("POST", "/v1/checkout/sessions/:id", params({ metadata: metadata.optional() }), (call, input, id) => {
    const present = demand(call, "checkout.session", id);
    return call.store.put({ ...present, metadata: mergeMetadata(present.metadata, input.metadata) });
  }),
  endpoint("POST", "/v1/checkout/sessions/:id/expire", params({}), (call, _params, id) => {
    const present = readSession(call, id);
    if (present.status !== "open") {
      throw invalidRequest(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${present.status}\`.`,
      );
    }
    return expireSession(call, present);
  }),
  endpoint("GET", "/v1/checkout/sessions/:id/line_items", listParams({}), (call, query, id) => {
    demand(call, "checkout.session", id);
    const items = call.store.hidden<CheckoutLineItem[]>(id) ?? [];
    return pageOf(items, query, `/v1/checkout/sessions/${id}/line_items`);
  }),
];
