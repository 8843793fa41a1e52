import { z } from "zod";

export const PlanId = z.enum(["starter", "team"]);
export type PlanId = z.infer<typeof PlanId>;

/** A plan as the website shows it. Money is in minor units of `currency`; tokens are per billing period. */
export const Plan = z.object({
  id: PlanId,
  name: z.string(),
  tagline: z.string(),
  priceMinor: z.int().nonnegative(),
  currency: z.literal("eur"),
  includedTokens: z.int().nonnegative(),
  /** Price of one million tokens beyond the included ones, in minor units. */
  overagePerMillionMinor: z.int().nonnegative(),
  server: z.object({ cores: z.int(), memoryMb: z.int(), diskGb: z.int() }),
  features: z.array(z.string()),
});
export type Plan = z.infer<typeof Plan>;
