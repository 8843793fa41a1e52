import { Plan } from "@berth/contracts";
import { z } from "zod";
import { websiteEnv } from "../env.ts";

const PlanList = z.object({ items: z.array(Plan) });

/** The plans on sale; null while the Hub cannot be reached, so that the page still says what Berth is. */
export async function readPlans(): Promise<Plan[] | null> {
  try {
    const response = await fetch(`${websiteEnv().hubUrl}/api/public/v1/plans`, {
      cache: "no-store",
      signal: AbortSignal.timeout(5000),
    });
    return response.ok ? PlanList.parse(await response.json()).items : null;
  } catch {
    return null;
  }
}

export const priceOf = (plan: Plan): string =>
  new Intl.NumberFormat("en-IE", { style: "currency", currency: plan.currency, maximumFractionDigits: 0 }).format(
    plan.priceMinor / 100,
  );

export const millions = (tokens: number): string => `${(tokens / 1_000_000).toLocaleString("en-IE")} million`;
