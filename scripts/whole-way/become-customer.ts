import type { Tenant } from "@berth/contracts";
import { fail } from "@berth/platform";
import { pay, placeOrder, untilActive } from "./checkout.ts";
import { type Customer, signIn, signUp } from "./sign-up.ts";
import { readTenant } from "./usage.ts";
import type { Visitor } from "./visitor.ts";
import type { Way } from "./way.ts";

const activeTimeoutMs = 420_000;

export interface NewCustomer {
  customer: Customer;
  /** The same person on the portal's site. */
  portal: Visitor;
  tenant: Tenant;
  checkoutToActiveMs: number;
}

/** From a stranger to somebody with a working agent. */
export async function becomeCustomer({ stack, options, log, interlude }: Way): Promise<NewCustomer> {
  const { addresses } = stack;
  const customer = await log.run("sign up, verify the address by mail", () => signUp(addresses, "Walk Customer"));
  const { browser } = customer;
  const { order, checkoutUrl } = await log.run("choose a plan, order", () => placeOrder(addresses, browser));
  const paidAt = performance.now();
  const landing = await log.run("pay on the hosted page", () => pay(browser, checkoutUrl, customer.email));
  if (!landing.includes(order.id))
    fail("unavailable", `Stripe sends the payer to ${landing}, which does not name the order.`);
  await interlude({ at: "paid", browser, orderId: order.id });
  await log.run("server, DNS, provisioning, enrolment, gate self-test", () =>
    untilActive(addresses, browser, order.id, activeTimeoutMs),
  );
  const checkoutToActiveMs = Math.round(performance.now() - paidAt);
  await interlude({ at: "active", browser, orderId: order.id });
  const portal = await log.run("sign in to the portal", () => signIn(addresses, customer));
  const tenant = await readTenant(addresses, portal);
  if (tenant.isolation !== options.mode)
    fail("conflict", `The portal says ${tenant.isolation} of a server of mode ${options.mode}.`);
  return { customer, portal, tenant, checkoutToActiveMs };
}
