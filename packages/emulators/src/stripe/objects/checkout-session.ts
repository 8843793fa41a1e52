import { emptyAddress } from "./customer.ts";
import type { Price } from "./price.ts";

export const checkoutSession = (input: {
  id: string;
  created: number;
  expires_at: number;
  url: string;
  mode: "payment" | "subscription";
  currency: string;
  amount: number;
  cancel_url: string | null;
  success_url: string | null;
  client_reference_id: string | null;
  customer: string | null;
  customer_email: string | null;
  allow_promotion_codes: boolean | null;
  billing_address_collection: string | null;
  locale: string | null;
  metadata: Record<string, string>;
}) => {
  const { amount, ...rest } = input;
  return {
    ...rest,
    url: input.url as string | null,
    object: "checkout.session" as const,
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    amount_subtotal: amount,
    amount_total: amount,
    automatic_tax: { enabled: false, liability: null, status: null, provider: null },
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer_account: null,
    customer_creation: input.mode === "payment" ? "if_required" : null,
    customer_details: input.customer_email ? customerDetails({ email: input.customer_email, name: null }) : null,
    discounts: null,
    integration_identifier: null,
    invoice: null as string | null,
    invoice_creation:
      input.mode === "payment"
        ? {
            enabled: false,
            invoice_data: {
              account_tax_ids: null,
              custom_fields: null,
              description: null,
              footer: null,
              issuer: null,
              metadata: {},
              rendering_options: null,
            },
          }
        : null,
    livemode: false,
    managed_payments: { enabled: false },
    origin_context: null,
    payment_intent: null as string | null,
    payment_link: null,
    payment_method_collection: input.mode === "subscription" ? "always" : "if_required",
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: "automatic" } },
    payment_method_types: ["card"],
    payment_status: "unpaid" as "unpaid" | "paid" | "no_payment_required",
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: "open" as "open" | "complete" | "expired",
    submit_type: null,
    subscription: null as string | null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: "hosted_page",
    wallet_options: null,
  };
};
export type CheckoutSession = ReturnType<typeof checkoutSession>;

export const customerDetails = (input: { email: string | null; name: string | null }) => ({
  address: emptyAddress,
  business_name: null,
  email: input.email,
  individual_name: null,
  name: input.name,
  phone: null,
  tax_exempt: "none",
  tax_ids: [],
});

/** What `line_items` of a session holds; one per price. */
export const checkoutLineItem = (input: { id: string; price: Price; quantity: number | null; description: string }) => {
  const amount = (input.price.unit_amount ?? 0) * (input.quantity ?? 0);
  return {
    id: input.id,
    object: "item" as const,
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: input.price.currency,
    description: input.description,
    metadata: {},
    price: input.price,
    quantity: input.quantity,
  };
};
export type CheckoutLineItem = ReturnType<typeof checkoutLineItem>;
