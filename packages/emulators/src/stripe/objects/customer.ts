export const emptyAddress = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
export type Address = Record<keyof typeof emptyAddress, string | null>;

export const customer = (input: {
  id: string;
  created: number;
  email: string | null;
  name: string | null;
  phone: string | null;
  description: string | null;
  address: Address | null;
  metadata: Record<string, string>;
}) => ({
  ...input,
  object: "customer" as const,
  balance: 0,
  currency: null as string | null,
  default_source: null,
  delinquent: false,
  discount: null,
  invoice_prefix: input.id.slice(-8).toUpperCase(),
  invoice_settings: {
    custom_fields: null,
    default_payment_method: null as string | null,
    footer: null,
    rendering_options: null,
  },
  livemode: false,
  next_invoice_sequence: 1,
  preferred_locales: [] as string[],
  shipping: null,
  tax_exempt: "none",
  test_clock: null,
});
export type Customer = ReturnType<typeof customer>;
