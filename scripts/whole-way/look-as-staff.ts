import type { Tenant } from "@berth/contracts";
import { fail } from "@berth/platform";
import { z } from "zod";
import { signIn } from "./sign-up.ts";
import type { Way } from "./way.ts";

const List = z.object({ items: z.array(z.looseObject({ id: z.string() })) });

/** Operators see the order with its steps and the tenant with its gate; there is one of each. */
export async function lookAsStaff({ stack, log }: Way, tenant: Tenant): Promise<void> {
  const { addresses } = stack;
  await log.run("the admin portal shows order and tenant", async () => {
    const staff = await signIn(addresses, stack.staff);
    const tenants = await staff.patientJson(List, `${addresses.hub}/api/admin/v1/tenants`);
    const orders = await staff.patientJson(List, `${addresses.hub}/api/admin/v1/orders`);
    const ids = [tenants, orders].map(({ items }) => items.map(({ id }) => id).join());
    if (ids[0] !== tenant.id || ids[1] !== tenant.orderId)
      fail("conflict", `The admin portal shows the tenants ${ids[0]} and the orders ${ids[1]}.`);
  });
}
