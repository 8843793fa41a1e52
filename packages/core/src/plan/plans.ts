import { type Plan, PlanId } from "@berth/contracts";
import { fail } from "@berth/platform";

/** What is for sale. Stripe's products and prices are made from this table; a changed price becomes a new Stripe price. */
export const plans: Record<PlanId, Plan> = {
  starter: {
    id: "starter",
    name: "Starter",
    tagline: "One agent on a server of its own",
    priceMinor: 4900,
    currency: "eur",
    includedTokens: 5_000_000,
    overagePerMillionMinor: 400,
    server: { cores: 2, memoryMb: 4096, diskGb: 40 },
    features: ["A server only you use", "Approvals before anything dangerous", "Your secrets never leave your server"],
  },
  team: {
    id: "team",
    name: "Team",
    tagline: "More room for the whole team's work",
    priceMinor: 12900,
    currency: "eur",
    includedTokens: 20_000_000,
    overagePerMillionMinor: 350,
    server: { cores: 4, memoryMb: 8192, diskGb: 80 },
    features: ["Everything in Starter", "Twice the server", "Four times the tokens"],
  },
};

/** The plan of a stored order or tenant. Throws AppError `internal` for an id that was never for sale. */
export function planOf(planId: string): Plan {
  const id = PlanId.safeParse(planId);
  return id.success ? plans[id.data] : fail("internal", "Something went wrong.", { internal: `no plan ${planId}` });
}
