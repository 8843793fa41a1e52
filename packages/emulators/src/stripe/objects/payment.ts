import { emptyAddress } from "./customer.ts";

/** What Stripe keeps of a card. The number itself is never stored. */
export interface CardFacts {
  brand: string;
  last4: string;
  exp_month: number;
  exp_year: number;
}

const billingDetails = (email: string | null, name: string | null) => ({
  address: emptyAddress,
  email,
  name,
  phone: null,
  tax_id: null,
});
const checks = { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" };

export const paymentMethod = (input: {
  id: string;
  created: number;
  customer: string | null;
  email: string | null;
  name: string | null;
  card: CardFacts;
}) => ({
  id: input.id,
  object: "payment_method" as const,
  allow_redisplay: "limited",
  billing_details: billingDetails(input.email, input.name),
  card: {
    ...input.card,
    checks,
    country: "US",
    display_brand: input.card.brand,
    fingerprint: `emulated${input.card.last4}`,
    funding: "credit",
    generated_from: null,
    networks: { available: [input.card.brand], preferred: null },
    regulated_status: "unregulated",
    three_d_secure_usage: { supported: true },
    wallet: null,
  },
  created: input.created,
  customer: input.customer,
  customer_account: null,
  livemode: false,
  metadata: {},
  type: "card",
});
export type PaymentMethod = ReturnType<typeof paymentMethod>;

export const paymentIntent = (input: {
  id: string;
  created: number;
  amount: number;
  currency: string;
  customer: string | null;
  description: string | null;
  metadata: Record<string, string>;
  clientSecret: string;
}) => ({
  id: input.id,
  object: "payment_intent" as const,
  amount: input.amount,
  amount_capturable: 0,
  amount_details: { tip: {} },
  amount_received: 0,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  canceled_at: null,
  cancellation_reason: null,
  capture_method: "automatic",
  client_secret: input.clientSecret,
  confirmation_method: "automatic",
  created: input.created,
  currency: input.currency,
  customer: input.customer,
  customer_account: null,
  description: input.description,
  excluded_payment_method_types: null,
  last_payment_error: null as object | null,
  latest_charge: null as string | null,
  livemode: false,
  managed_payments: { enabled: false },
  metadata: input.metadata,
  next_action: null,
  on_behalf_of: null,
  payment_method: null as string | null,
  payment_method_configuration_details: null,
  payment_method_options: { card: { request_three_d_secure: "automatic" } },
  payment_method_types: ["card"],
  processing: null,
  receipt_email: null,
  review: null,
  setup_future_usage: null as string | null,
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  status: "requires_payment_method" as "requires_payment_method" | "succeeded",
  transfer_data: null,
  transfer_group: null,
});
export type PaymentIntent = ReturnType<typeof paymentIntent>;

export interface Decline {
  code: string;
  declineCode: string | null;
  message: string;
}

export const charge = (input: {
  id: string;
  created: number;
  intent: PaymentIntent;
  method: PaymentMethod;
  decline: Decline | null;
}) => {
  const { intent, method, decline } = input;
  return {
    id: input.id,
    object: "charge" as const,
    amount: intent.amount,
    amount_captured: decline ? 0 : intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: "STRIPE EMULATOR",
    captured: !decline,
    created: input.created,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: decline ? "declined_by_network" : "approved_by_network",
      reason: decline?.declineCode ?? null,
      seller_message: decline ? "The bank did not return any further details with this decline." : "Payment complete.",
      type: decline ? "issuer_declined" : "authorized",
    },
    paid: !decline,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: {
      card: {
        brand: method.card.brand,
        checks,
        country: "US",
        exp_month: method.card.exp_month,
        exp_year: method.card.exp_year,
        fingerprint: method.card.fingerprint,
        funding: "credit",
        last4: method.card.last4,
        network: method.card.brand,
        three_d_secure: null,
        wallet: null,
      },
      type: "card",
    },
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    refunds: {
      object: "list" as const,
      data: [] as Refund[],
      has_more: false,
      url: `/v1/charges/${input.id}/refunds`,
    },
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: decline ? ("failed" as const) : ("succeeded" as const),
    transfer_data: null,
    transfer_group: null,
  };
};
export type Charge = ReturnType<typeof charge>;

export const refund = (input: {
  id: string;
  created: number;
  amount: number;
  currency: string;
  charge: string;
  payment_intent: string | null;
  reason: string | null;
  metadata: Record<string, string>;
}) => ({
  ...input,
  object: "refund" as const,
  balance_transaction: null,
  customer: null,
  customer_account: null,
  destination_details: { card: { type: "refund" }, type: "card" },
  payment_method: null,
  receipt_number: null,
  source_transfer_reversal: null,
  status: "succeeded",
  transfer_reversal: null,
});
export type Refund = ReturnType<typeof refund>;
