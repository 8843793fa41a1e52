import type { Plan } from "@berth/contracts";
import { plans } from "./plans.ts";

/** Every plan that can be bought, cheapest first. Anybody may ask. */
export function listPlans(): Plan[] {
  return Object.values(plans).sort((a, b) => a.priceMinor - b.priceMinor);
}
