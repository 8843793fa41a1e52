import { PlanId } from "@berth/contracts";

/** The plan named in an address, or null for anything else. */
export function planOf(value: string | string[] | undefined): PlanId | null {
  const parsed = PlanId.safeParse(value);
  return parsed.success ? parsed.data : null;
}
