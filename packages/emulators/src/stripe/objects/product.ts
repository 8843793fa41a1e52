export const product = (input: {
  id: string;
  created: number;
  name: string;
  active: boolean;
  description: string | null;
  metadata: Record<string, string>;
  unit_label: string | null;
  url: string | null;
  statement_descriptor: string | null;
  tax_code: string | null;
}) => ({
  ...input,
  object: "product" as const,
  default_price: null as string | null,
  images: [] as string[],
  livemode: false,
  marketing_features: [] as { name: string }[],
  package_dimensions: null,
  shippable: null,
  type: "service",
  updated: input.created,
});
export type Product = ReturnType<typeof product>;
