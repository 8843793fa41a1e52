import { invalidRequest } from "./errors.ts";
import type { Tier } from "./objects/price.ts";
import type { Store } from "./store.ts";

const maxDepth = 4;

/** Fields that Stripe leaves out until they are asked for. */
const includable: Record<string, Record<string, (store: Store, id: string) => unknown>> = {
  price: { tiers: (store, id) => store.hidden<Tier[]>(id) ?? undefined },
  "checkout.session": {
    line_items: (store, id) => listOf(`/v1/checkout/sessions/${id}/line_items`, store.hidden<unknown[]>(id) ?? []),
  },
  customer: {
    subscriptions: (store, id) =>
      listOf(
        `/v1/customers/${id}/subscriptions`,
        store.list("subscription").filter((one) => one.customer === id && one.status !== "canceled"),
      ),
  },
  invoice: {
    payments: (store, id) =>
      listOf(
        `/v1/invoices/${id}/payments`,
        store.list("invoice_payment").filter((one) => one.invoice === id),
      ),
  },
};

const listOf = (url: string, data: readonly unknown[]) => ({ object: "list", data, has_more: false, url });

/** A copy of `answer` in which each path, e.g. `data.latest_invoice.payments`, holds the object instead of its id. */
export function expand(store: Store, answer: unknown, paths: readonly string[]): unknown {
  const copy: unknown = structuredClone(answer);
  for (const path of paths) {
    const segments = path.split(".");
    const depth = segments.filter((segment) => segment !== "data").length;
    if (depth > maxDepth)
      throw invalidRequest(`You cannot expand more than ${maxDepth} levels of a property. Property: ${path}`);
    descend(store, copy, segments, path);
  }
  return copy;
}

function descend(store: Store, node: unknown, segments: readonly string[], path: string): void {
  const [segment, ...rest] = segments;
  if (segment === undefined || node === null) return;
  if (Array.isArray(node)) {
    for (const element of node) descend(store, element, segments, path);
    return;
  }
  if (typeof node !== "object") throw notExpandable(path);
  const group = node as Record<string, unknown>; // checked: an object, no array, not null
  group[segment] = expanded(store, group, segment, path);
  descend(store, group[segment], rest, path);
}

function expanded(store: Store, group: Record<string, unknown>, segment: string, path: string): unknown {
  const include = includable[String(group.object)]?.[segment];
  if (include) return include(store, String(group.id));
  const value = group[segment];
  if (value === undefined) throw notExpandable(path);
  return typeof value === "string" ? (store.findAny(value) ?? failExpansion(path)) : value;
}

const notExpandable = (path: string) =>
  invalidRequest(`This property cannot be expanded (${path}).`, { param: "expand" });
const failExpansion = (path: string): never => {
  throw notExpandable(path);
};
