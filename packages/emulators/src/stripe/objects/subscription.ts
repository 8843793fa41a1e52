import { type Price, planOf } from "./price.ts";

export const subscriptionItem = (input: {
  id: string;
  created: number;
  subscription: string;
  price: Price;
  quantity: number | null;
  current_period_start: number;
  current_period_end: number;
}) => {
  const { quantity, ...rest } = input;
  return {
    ...rest,
    object: "subscription_item" as const,
    billing_thresholds: null,
    discounts: [],
    metadata: {},
    plan: planOf(input.price),
    ...(quantity === null ? {} : { quantity }),
    tax_rates: [],
  };
};
export type SubscriptionItem = ReturnType<typeof subscriptionItem>;

export const subscription = (input: {
  id: string;
  created: number;
  currency: string;
  customer: string;
  default_payment_method: string | null;
  metadata: Record<string, string>;
  items: SubscriptionItem[];
}) => ({
  ...input,
  object: "subscription" as const,
  application: null,
  application_fee_percent: null,
  automatic_tax: { enabled: false, liability: null, disabled_reason: null },
  billing_cycle_anchor: input.created,
  billing_cycle_anchor_config: null,
  billing_mode: { type: "flexible", flexible: { proration_discounts: "included" } },
  billing_schedules: [],
  billing_thresholds: null,
  cancel_at: null as number | null,
  cancel_at_period_end: false,
  canceled_at: null as number | null,
  cancellation_details: {
    comment: null as string | null,
    feedback: null as string | null,
    reason: null as string | null,
  },
  collection_method: "charge_automatically",
  customer_account: null,
  days_until_due: null,
  default_source: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  ended_at: null as number | null,
  invoice_settings: {
    account_tax_ids: null,
    issuer: { type: "self" },
    custom_fields: null,
    description: null,
    footer: null,
  },
  items: {
    object: "list" as const,
    data: input.items,
    has_more: false,
    url: `/v1/subscription_items?subscription=${input.id}`,
  },
  latest_invoice: null as string | null,
  livemode: false,
  managed_payments: { enabled: false },
  next_pending_invoice_item_invoice: null,
  on_behalf_of: null,
  pause_collection: null,
  payment_settings: {
    payment_method_options: null,
    payment_method_types: null,
    save_default_payment_method: "off",
  },
  pending_invoice_item_interval: null,
  pending_setup_intent: null,
  pending_update: null,
  schedule: null,
  start_date: input.created,
  status: "active" as "active" | "canceled" | "incomplete" | "past_due",
  test_clock: null,
  transfer_data: null,
  trial_end: null,
  trial_settings: { end_behavior: { missing_payment_method: "create_invoice" } },
  trial_start: null,
});
export type Subscription = ReturnType<typeof subscription>;
