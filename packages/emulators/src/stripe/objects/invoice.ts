import type { Customer } from "./customer.ts";
import type { Price } from "./price.ts";

export const invoiceLine = (input: {
  id: string;
  invoice: string;
  subscription: string;
  subscriptionItem: string;
  price: Price;
  quantity: number;
  amount: number;
  description: string;
  period: { start: number; end: number };
}) => ({
  id: input.id,
  object: "line_item" as const,
  amount: input.amount,
  currency: input.price.currency,
  description: input.description,
  discount_amounts: [],
  discountable: true,
  discounts: [],
  invoice: input.invoice,
  livemode: false,
  metadata: {},
  parent: {
    invoice_item_details: null,
    subscription_item_details: {
      invoice_item: null,
      proration: false,
      proration_details: { credited_items: null },
      subscription: input.subscription,
      subscription_item: input.subscriptionItem,
    },
    type: "subscription_item_details",
  },
  period: input.period,
  pretax_credit_amounts: [],
  pricing: {
    price_details: { price: input.price.id, product: input.price.product },
    type: "price_details",
    unit_amount_decimal: input.price.unit_amount_decimal,
  },
  quantity: input.quantity,
  quantity_decimal: String(input.quantity),
  subscription: input.subscription,
  subtotal: input.amount,
  taxes: [],
});
export type InvoiceLine = ReturnType<typeof invoiceLine>;

/** A finalized and paid invoice of a subscription: the emulator collects at once. */
export const paidInvoice = (input: {
  id: string;
  created: number;
  number: string;
  customer: Customer;
  subscription: { id: string; metadata: Record<string, string> };
  billing_reason: "subscription_create" | "subscription_cycle";
  currency: string;
  lines: InvoiceLine[];
  period: { start: number; end: number };
  hostedUrl: string;
}) => {
  const total = input.lines.reduce((sum, line) => sum + line.amount, 0);
  return {
    id: input.id,
    object: "invoice" as const,
    account_country: "IE",
    account_name: "Stripe emulator (test)",
    account_tax_ids: null,
    amount_due: total,
    amount_overpaid: 0,
    amount_paid: total,
    amount_remaining: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: total > 0 ? 1 : 0,
    attempted: true,
    auto_advance: false,
    automatic_tax: { enabled: false, liability: null, status: null, disabled_reason: null, provider: null },
    automatically_finalizes_at: null,
    billing_reason: input.billing_reason,
    collection_method: "charge_automatically",
    created: input.created,
    currency: input.currency,
    custom_fields: null,
    customer: input.customer.id,
    customer_account: null,
    customer_address: input.customer.address,
    customer_email: input.customer.email,
    customer_name: input.customer.name,
    customer_phone: input.customer.phone,
    customer_shipping: null,
    customer_tax_exempt: "none",
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    effective_at: input.created,
    ending_balance: 0,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: input.hostedUrl,
    invoice_pdf: null,
    issuer: { type: "self" },
    last_finalization_error: null,
    latest_revision: null,
    lines: {
      object: "list" as const,
      data: input.lines,
      has_more: false,
      url: `/v1/invoices/${input.id}/lines`,
    },
    livemode: false,
    metadata: {} as Record<string, string>,
    next_payment_attempt: null,
    number: input.number,
    on_behalf_of: null,
    parent: {
      quote_details: null,
      subscription_details: { metadata: input.subscription.metadata, subscription: input.subscription.id },
      type: "subscription_details",
    },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: input.period.end,
    period_start: input.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: "paid" as const,
    status_transitions: {
      finalized_at: input.created,
      marked_uncollectible_at: null,
      paid_at: input.created,
      voided_at: null,
    },
    subscription: input.subscription.id,
    subtotal: total,
    subtotal_excluding_tax: total,
    test_clock: null,
    total,
    total_discount_amounts: [],
    total_excluding_tax: total,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: input.created,
  };
};
export type Invoice = ReturnType<typeof paidInvoice>;

export const invoicePayment = (input: {
  id: string;
  created: number;
  invoice: string;
  amount: number;
  currency: string;
  paymentIntent: string;
}) => ({
  id: input.id,
  object: "invoice_payment" as const,
  amount_paid: input.amount,
  amount_requested: input.amount,
  created: input.created,
  currency: input.currency,
  invoice: input.invoice,
  is_default: true,
  livemode: false,
  payment: { payment_intent: input.paymentIntent, type: "payment_intent" },
  status: "paid",
  status_transitions: { canceled_at: null, paid_at: input.created },
});
export type InvoicePayment = ReturnType<typeof invoicePayment>;
