import { z } from "zod";
import { type Call, demand, emit, secondsOf } from "../call.ts";
import { endpoint } from "../endpoint.ts";
import { invalidRequest } from "../errors.ts";
import { stripeId } from "../ids.ts";
import { pageOf } from "../lists.ts";
import { type Price, price, type Recurring, type Tier } from "../objects/price.ts";
import { amount, boolean, decimal, integer, listParams, mergeMetadata, metadata, params, text } from "../params.ts";

const interval = z.enum(["day", "week", "month", "year"]);
const usageType = z.enum(["licensed", "metered"]);
const CreateParams = params({
  active: boolean.optional(),
  billing_scheme: z.enum(["per_unit", "tiered"]).optional(),
  currency: z.string().regex(/^[A-Za-z]{3}$/),
  lookup_key: text.max(200).optional(),
  metadata: metadata.optional(),
  nickname: text.optional(),
  product: text,
  recurring: z
    .strictObject({
      interval,
      interval_count: integer.optional(),
      meter: text.optional(),
      usage_type: usageType.optional(),
    })
    .optional(),
  tax_behavior: z.enum(["exclusive", "inclusive", "unspecified"]).optional(),
  tiers: z
    .array(
      z.strictObject({
        up_to: z.union([z.literal("inf"), integer]),
        unit_amount: amount.optional(),
        unit_amount_decimal: decimal.optional(),
        flat_amount: amount.optional(),
        flat_amount_decimal: decimal.optional(),
      }),
    )
    .optional(),
  tiers_mode: z.enum(["graduated", "volume"]).optional(),
  transfer_lookup_key: boolean.optional(),
  unit_amount: amount.optional(),
  unit_amount_decimal: decimal.optional(),
});
type CreateParams = z.infer<typeof CreateParams>;

function createPrice(call: Call, input: CreateParams): Price {
  demand(call, "product", input.product, "product");
  const tiers = tiersOf(input);
  const flat = tiers ? null : (input.unit_amount_decimal ?? wholeOf(input.unit_amount));
  if (!tiers && flat === null) {
    throw invalidRequest("You must specify one of `unit_amount`, `unit_amount_decimal`, or `custom_unit_amount`.", {
      code: "parameter_missing",
      param: "unit_amount",
    });
  }
  const made = price({
    id: stripeId("price"),
    created: secondsOf(call),
    active: input.active ?? true,
    billing_scheme: input.billing_scheme ?? "per_unit",
    currency: input.currency.toLowerCase(),
    lookup_key: claimLookupKey(call, input),
    metadata: mergeMetadata({}, input.metadata),
    nickname: input.nickname ?? null,
    product: input.product,
    recurring: input.recurring ? recurringOf(call, input.recurring) : null,
    tax_behavior: input.tax_behavior ?? "unspecified",
    tiers_mode: input.tiers_mode ?? null,
    unit_amount: flat !== null && Number.isInteger(Number(flat)) ? Number(flat) : null,
    unit_amount_decimal: flat,
  });
  call.store.put(made);
  if (tiers) call.store.hide(made.id, tiers);
  emit(call, "price.created", made);
  return made;
}

const wholeOf = (value: number | undefined): string | null => (value === undefined ? null : String(value));

function tiersOf(input: CreateParams): Tier[] | null {
  if (input.billing_scheme !== "tiered") {
    if (input.tiers) throw invalidRequest("`tiers` can only be set if `billing_scheme=tiered`.", { param: "tiers" });
    return null;
  }
  if (!input.tiers || !input.tiers_mode) {
    const param = input.tiers ? "tiers_mode" : "tiers";
    throw invalidRequest(`Missing required param: ${param}.`, { code: "parameter_missing", param });
  }
  if (input.tiers.at(-1)?.up_to !== "inf") {
    throw invalidRequest("The last tier in `tiers` must have `up_to` set to `inf`.", { param: "tiers" });
  }
  return input.tiers.map((tier) => ({
    up_to: tier.up_to === "inf" ? null : tier.up_to,
    unit_amount: tier.unit_amount ?? null,
    unit_amount_decimal: tier.unit_amount_decimal ?? wholeOf(tier.unit_amount),
    flat_amount: tier.flat_amount ?? null,
    flat_amount_decimal: tier.flat_amount_decimal ?? wholeOf(tier.flat_amount),
  }));
}

function recurringOf(call: Call, input: NonNullable<CreateParams["recurring"]>): Recurring {
  const usage = input.usage_type ?? "licensed";
  if (usage === "metered" && !input.meter) {
    throw invalidRequest("All metered prices must be backed by meters. Pass `recurring[meter]`.", {
      code: "parameter_missing",
      param: "recurring[meter]",
    });
  }
  if (usage === "licensed" && input.meter) {
    throw invalidRequest("`recurring[meter]` can only be set if `recurring[usage_type]=metered`.", {
      param: "recurring[meter]",
    });
  }
  if (input.meter) demand(call, "billing.meter", input.meter, "recurring[meter]");
  return {
    interval: input.interval,
    interval_count: input.interval_count ?? 1,
    meter: input.meter ?? null,
    trial_period_days: null,
    usage_type: usage,
  };
}

function claimLookupKey(call: Call, input: Pick<CreateParams, "lookup_key" | "transfer_lookup_key">): string | null {
  if (!input.lookup_key) return null;
  const holder = call.store.list("price").find((one) => one.lookup_key === input.lookup_key);
  if (holder && !input.transfer_lookup_key) {
    throw invalidRequest(
      `A price (\`${holder.id}\`) already uses that lookup key. Use \`transfer_lookup_key=true\` to move it.`,
      { param: "lookup_key" },
    );
  }
  if (holder) emit(call, "price.updated", call.store.put({ ...holder, lookup_key: null }));
  return input.lookup_key;
}

export const priceEndpoints = [
  endpoint("POST", "/v1/prices", CreateParams, createPrice),
  endpoint(
    "GET",
    "/v1/prices",
    listParams({
      active: boolean.optional(),
      currency: text.optional(),
      lookup_keys: text.array().max(10).optional(),
      product: text.optional(),
      recurring: z.strictObject({ interval, usage_type: usageType, meter: text }).partial().optional(),
      type: z.enum(["one_time", "recurring"]).optional(),
    }),
    (call, query) => {
      const wanted = (one: Price): boolean =>
        (query.active ?? one.active) === one.active &&
        (query.currency ?? one.currency) === one.currency &&
        (query.product ?? one.product) === one.product &&
        (query.type ?? one.type) === one.type &&
        (query.lookup_keys?.includes(one.lookup_key ?? "") ?? true) &&
        (query.recurring?.interval ?? one.recurring?.interval) === one.recurring?.interval &&
        (query.recurring?.usage_type ?? one.recurring?.usage_type) === one.recurring?.usage_type &&
        (query.recurring?.meter ?? one.recurring?.meter) === one.recurring?.meter;
      return pageOf(call.store.list("price").filter(wanted), query, "/v1/prices");
    },
  ),
  endpoint("GET", "/v1/prices/:id", params({}), (call, _params, id) => demand(call, "price", id)),
  endpoint(
    "POST",
    "/v1/prices/:id",
    params({
      active: boolean.optional(),
      lookup_key: text.optional(),
      metadata: metadata.optional(),
      nickname: text.optional(),
      transfer_lookup_key: boolean.optional(),
    }),
    (call, input, id) => {
      const present = demand(call, "price", id);
      const moved = input.lookup_key !== undefined && input.lookup_key !== present.lookup_key;
      const changed = {
        ...present,
        active: input.active ?? present.active,
        lookup_key: moved ? claimLookupKey(call, input) : present.lookup_key,
        metadata: mergeMetadata(present.metadata, input.metadata),
        nickname: input.nickname ?? present.nickname,
      };
      emit(call, "price.updated", call.store.put(changed));
      return changed;
    },
  ),
];
