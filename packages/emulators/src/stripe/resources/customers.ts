import { type Call, demand, emit, secondsOf } from "../call.ts";
import { endpoint } from "../endpoint.ts";
import { stripeId } from "../ids.ts";
import { pageOf } from "../lists.ts";
import { type Address, type Customer, customer, emptyAddress } from "../objects/customer.ts";
import { addressParam, emptyableText, listParams, mergeMetadata, metadata, params, text } from "../params.ts";
import { cancelNow } from "./subscriptions.ts";

const fields = {
  email: emptyableText.optional(),
  name: emptyableText.optional(),
  phone: emptyableText.optional(),
  description: emptyableText.optional(),
  address: addressParam.optional(),
  metadata: metadata.optional(),
};

/** Also used by a hosted checkout that has no customer yet. */
export function createCustomer(
  call: Call,
  input: {
    email?: string;
    name?: string;
    phone?: string;
    description?: string;
    address?: Partial<Address>;
    metadata?: Record<string, string>;
  },
): Customer {
  const made = customer({
    id: stripeId("cus", 14),
    created: secondsOf(call),
    email: input.email || null,
    name: input.name || null,
    phone: input.phone || null,
    description: input.description || null,
    address: input.address ? { ...emptyAddress, ...input.address } : null,
    metadata: input.metadata ?? {},
  });
  call.store.put(made);
  emit(call, "customer.created", made);
  return made;
}

export const customerEndpoints = [
  endpoint("POST", "/v1/customers", params(fields), (call, { expand: _, metadata, address, ...input }) =>
    createCustomer(call, {
      ...definedOf(input),
      ...(address ? { address: definedOf(address) } : {}),
      metadata: mergeMetadata({}, metadata),
    }),
  ),
  endpoint("GET", "/v1/customers", listParams({ email: text.optional() }), (call, query) =>
    pageOf(
      call.store.list("customer").filter((one) => query.email === undefined || one.email === query.email),
      query,
      "/v1/customers",
    ),
  ),
  endpoint("GET", "/v1/customers/:id", params({}), (call, _params, id) => demand(call, "customer", id)),
  endpoint("POST", "/v1/customers/:id", params(fields), (call, { expand: _, ...input }, id) => {
    const present = demand(call, "customer", id);
    const changed: Customer = {
      ...present,
      email: input.email === undefined ? present.email : input.email || null,
      name: input.name === undefined ? present.name : input.name || null,
      phone: input.phone === undefined ? present.phone : input.phone || null,
      description: input.description === undefined ? present.description : input.description || null,
      address: input.address ? { ...emptyAddress, ...present.address, ...definedOf(input.address) } : present.address,
      metadata: mergeMetadata(present.metadata, input.metadata),
    };
    emit(call, "customer.updated", call.store.put(changed));
    return changed;
  }),
  endpoint("DELETE", "/v1/customers/:id", params({}), (call, _params, id) => {
    const present = demand(call, "customer", id);
    for (const one of call.store.list("subscription"))
      if (one.customer === id && one.status !== "canceled") cancelNow(call, one);
    call.store.remove(id);
    emit(call, "customer.deleted", present);
    return { id, object: "customer", deleted: true };
  }),
];

/** Without the keys whose value is undefined, as `exactOptionalPropertyTypes`-minded signatures want it. */
function definedOf<T extends Record<string, string | undefined>>(input: T): { [K in keyof T]?: string } {
  // Only strings are left, under the keys they had.
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}
