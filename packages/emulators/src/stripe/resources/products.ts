import { demand, emit, secondsOf } from "../call.ts";
import { endpoint } from "../endpoint.ts";
import { invalidRequest } from "../errors.ts";
import { stripeId } from "../ids.ts";
import { pageOf } from "../lists.ts";
import { product } from "../objects/product.ts";
import { boolean, emptyableText, listParams, mergeMetadata, metadata, params, text } from "../params.ts";

const fields = {
  active: boolean.optional(),
  description: emptyableText.optional(),
  metadata: metadata.optional(),
  statement_descriptor: text.optional(),
  tax_code: emptyableText.optional(),
  unit_label: emptyableText.optional(),
  url: emptyableText.optional(),
};

export const productEndpoints = [
  endpoint("POST", "/v1/products", params({ ...fields, id: text.optional(), name: text }), (call, input) => {
    if (input.id && call.store.findAny(input.id)) {
      throw invalidRequest("Product already exists.", { code: "resource_already_exists", param: "id" });
    }
    const made = product({
      id: input.id ?? stripeId("prod", 14),
      created: secondsOf(call),
      name: input.name,
      active: input.active ?? true,
      description: input.description || null,
      metadata: mergeMetadata({}, input.metadata),
      statement_descriptor: input.statement_descriptor ?? null,
      tax_code: input.tax_code || null,
      unit_label: input.unit_label || null,
      url: input.url || null,
    });
    emit(call, "product.created", call.store.put(made));
    return made;
  }),
  endpoint(
    "GET",
    "/v1/products",
    listParams({ active: boolean.optional(), ids: text.array().optional() }),
    (call, query) =>
      pageOf(
        call.store
          .list("product")
          .filter((one) => (query.active ?? one.active) === one.active && (query.ids?.includes(one.id) ?? true)),
        query,
        "/v1/products",
      ),
  ),
  endpoint("GET", "/v1/products/:id", params({}), (call, _params, id) => demand(call, "product", id)),
  endpoint("POST", "/v1/products/:id", params({ ...fields, name: text.optional() }), (call, input, id) => {
    const present = demand(call, "product", id);
    const changed = {
      ...present,
      name: input.name ?? present.name,
      active: input.active ?? present.active,
      description: input.description === undefined ? present.description : input.description || null,
      metadata: mergeMetadata(present.metadata, input.metadata),
      unit_label: input.unit_label === undefined ? present.unit_label : input.unit_label || null,
      url: input.url === undefined ? present.url : input.url || null,
      updated: secondsOf(call),
    };
    emit(call, "product.updated", call.store.put(changed));
    return changed;
  }),
  endpoint("DELETE", "/v1/products/:id", params({}), (call, _params, id) => {
    const present = demand(call, "product", id);
    if (call.store.list("price").some((one) => one.product === id)) {
      throw invalidRequest("This product cannot be deleted because it has one or more user-created prices.");
    }
    call.store.remove(id);
    emit(call, "product.deleted", present);
    return { id, object: "product", deleted: true };
  }),
];
