export interface Tier {
  /** null is "and beyond". */
  up_to: number | null;
  unit_amount: number | null;
  unit_amount_decimal: string | null;
  flat_amount: number | null;
  flat_amount_decimal: string | null;
}

export interface Recurring {
  interval: "day" | "week" | "month" | "year";
  interval_count: number;
  meter: string | null;
  trial_period_days: null;
  usage_type: "licensed" | "metered";
}

export const price = (input: {
  id: string;
  created: number;
  active: boolean;
  billing_scheme: "per_unit" | "tiered";
  currency: string;
  lookup_key: string | null;
  metadata: Record<string, string>;
  nickname: string | null;
  product: string;
  recurring: Recurring | null;
  tax_behavior: string;
  tiers_mode: "graduated" | "volume" | null;
  unit_amount: number | null;
  unit_amount_decimal: string | null;
}) => ({
  ...input,
  object: "price" as const,
  custom_unit_amount: null,
  livemode: false,
  transform_quantity: null,
  type: input.recurring ? ("recurring" as const) : ("one_time" as const),
});
export type Price = ReturnType<typeof price>;

/** The older view of a recurring price that subscription items still carry. */
export const planOf = (from: Price) => ({
  id: from.id,
  object: "plan" as const,
  active: from.active,
  amount: from.unit_amount,
  amount_decimal: from.unit_amount_decimal,
  billing_scheme: from.billing_scheme,
  created: from.created,
  currency: from.currency,
  interval: from.recurring?.interval ?? "month",
  interval_count: from.recurring?.interval_count ?? 1,
  livemode: false,
  metadata: from.metadata,
  meter: from.recurring?.meter ?? null,
  nickname: from.nickname,
  product: from.product,
  tiers_mode: from.tiers_mode,
  transform_usage: null,
  trial_period_days: null,
  usage_type: from.recurring?.usage_type ?? "licensed",
});
