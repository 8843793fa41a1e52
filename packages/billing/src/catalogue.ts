import type { Plan, PlanId } from "@berth/contracts";
import { argumentsSha256, fail } from "@berth/platform";
import Stripe from "stripe";
import type { StripeContext } from "./stripe-client.ts";
import { callStripe, isStripeCode } from "./stripe-errors.ts";

/** Prices are found by these, never by an id that somebody must copy from a dashboard. */
export const lookupKeysOf = (planId: PlanId) =>
  ({ base: `berth-${planId}-base`, overage: `berth-${planId}-overage` }) as const;

const productIdOf = (planId: PlanId): string => `berth_${planId}`;

/** Products, prices and the meter as the plans say; a changed price is a new Stripe price that takes over the key. */
export function ensureCatalogue(context: StripeContext, plans: readonly Plan[]): Promise<void> {
  return callStripe(async () => {
    const meterId = await ensureMeter(context);
    for (const plan of plans) {
      await ensureProduct(context, plan);
      await ensurePrice(context, basePriceOf(plan));
      await ensurePrice(context, overagePriceOf(plan, meterId));
    }
  });
}

/** The meter that counts tokens, found by its event name; null if nobody has made it yet. */
export async function findMeterId({ stripe, meterEventName }: StripeContext): Promise<string | null> {
  for await (const meter of stripe.billing.meters.list({ status: "active", limit: 100 })) {
    if (meter.event_name === meterEventName) return meter.id;
  }
  return null;
}

/** Ids of a plan's two prices. Throws `unavailable` if the catalogue was never made. */
export async function findPriceIds({ stripe }: StripeContext, planId: PlanId) {
  const keys = lookupKeysOf(planId);
  const { data } = await stripe.prices.list({ lookup_keys: [keys.base, keys.overage], active: true, limit: 10 });
  const idOf = (key: string) => data.find((price) => price.lookup_key === key)?.id;
  const ids = { base: idOf(keys.base), overage: idOf(keys.overage) };
  if (!ids.base || !ids.overage)
    fail("unavailable", "This plan cannot be bought yet.", { internal: `no prices ${planId}` });
  return { base: ids.base, overage: ids.overage };
}

async function ensureMeter(context: StripeContext): Promise<string> {
  const found = await findMeterId(context);
  if (found) return found;
  const params: Stripe.Billing.MeterCreateParams = {
    display_name: "Berth tokens",
    event_name: context.meterEventName,
    default_aggregation: { formula: "sum" },
    customer_mapping: { type: "by_id", event_payload_key: "stripe_customer_id" },
    value_settings: { event_payload_key: "value" },
  };
  const meter = await context.stripe.billing.meters.create(params, {
    idempotencyKey: `berth-meter-${argumentsSha256(params)}`,
  });
  return meter.id;
}

async function ensureProduct({ stripe }: StripeContext, plan: Plan): Promise<void> {
  const wanted = { name: `Berth ${plan.name}`, description: plan.tagline };
  try {
    const product = await stripe.products.retrieve(productIdOf(plan.id));
    if (product.name === wanted.name && product.description === wanted.description && product.active) return;
    await stripe.products.update(product.id, { ...wanted, active: true });
  } catch (thrown) {
    if (!isStripeCode(thrown, "resource_missing")) throw thrown;
    await createProduct(stripe, { id: productIdOf(plan.id), ...wanted, metadata: { planId: plan.id } });
  }
}

/** Another process that starts at the same moment may have made it in between. */
async function createProduct(stripe: Stripe, wanted: Stripe.ProductCreateParams): Promise<void> {
  try {
    await stripe.products.create(wanted);
  } catch (thrown) {
    if (!isStripeCode(thrown, "resource_already_exists")) throw thrown;
  }
}

const basePriceOf = (plan: Plan): Stripe.PriceCreateParams => ({
  product: productIdOf(plan.id),
  currency: plan.currency,
  unit_amount: plan.priceMinor,
  recurring: { interval: "month" },
  lookup_key: lookupKeysOf(plan.id).base,
});

/** Every token goes to the meter; the first tier, the included tokens, costs nothing. */
function overagePriceOf(plan: Plan, meter: string): Stripe.PriceCreateParams {
  const perToken = Stripe.Decimal.from(plan.overagePerMillionMinor).div(
    Stripe.Decimal.from(1_000_000),
    12,
    "half-even",
  );
  const beyond = { up_to: "inf" as const, unit_amount_decimal: perToken };
  const included = { up_to: plan.includedTokens, unit_amount: 0 };
  return {
    product: productIdOf(plan.id),
    currency: plan.currency,
    billing_scheme: "tiered",
    tiers_mode: "graduated",
    tiers: plan.includedTokens > 0 ? [included, beyond] : [beyond],
    recurring: { interval: "month", usage_type: "metered", meter },
    lookup_key: lookupKeysOf(plan.id).overage,
  };
}

/** A fingerprint of the wish travels as metadata, so that "unchanged" is one comparison and not a diff of decimals. */
async function ensurePrice({ stripe, log }: StripeContext, wanted: Stripe.PriceCreateParams): Promise<void> {
  const fingerprint = argumentsSha256(JSON.parse(JSON.stringify(wanted)));
  const lookupKey = wanted.lookup_key ?? "";
  const { data } = await stripe.prices.list({ lookup_keys: [lookupKey], limit: 1 });
  const present = data[0];
  if (present?.active && present.metadata.fingerprint === fingerprint) return;
  const price = await stripe.prices.create(
    { ...wanted, transfer_lookup_key: true, metadata: { fingerprint } },
    { idempotencyKey: `berth-price-${present?.id ?? "first"}-${fingerprint}` },
  );
  if (present) await stripe.prices.update(present.id, { active: false });
  log.info({ lookupKey, priceId: price.id, replaces: present?.id ?? null }, "made a price");
}
