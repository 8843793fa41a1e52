import type { Price, Tier } from "../objects/price.ts";

/** What `quantity` units cost in minor units, rounded once at the end, as on an invoice line. */
export function tieredAmount(price: Price, tiers: readonly Tier[] | null, quantity: number): number {
  if (!tiers) return Math.round(Number(price.unit_amount_decimal ?? 0) * quantity);
  if (price.tiers_mode === "volume") {
    const tier = tiers.find((one) => one.up_to === null || quantity <= one.up_to);
    return Math.round(quantity * Number(tier?.unit_amount_decimal ?? 0) + Number(tier?.flat_amount_decimal ?? 0));
  }
  let amount = 0;
  let reached = 0;
  for (const tier of tiers) {
    const within = Math.min(quantity, tier.up_to ?? quantity) - reached;
    if (within <= 0) break;
    amount += within * Number(tier.unit_amount_decimal ?? 0) + Number(tier.flat_amount_decimal ?? 0);
    reached += within;
  }
  return Math.round(amount);
}
