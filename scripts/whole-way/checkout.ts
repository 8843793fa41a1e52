import { CreateOrderResult, Order } from "@berth/contracts";
import { fail, untilTrue } from "@berth/platform";
import type { Addresses } from "../stack/start-stack.ts";
import type { Visitor } from "./visitor.ts";

/** Orders the plan; the answer says where to pay. */
export async function placeOrder(
  addresses: Addresses,
  browser: Visitor,
): Promise<{ order: Order; checkoutUrl: string }> {
  const made = await browser.json(CreateOrderResult, `${addresses.hub}/api/public/v1/orders`, {
    method: "POST",
    json: { planId: "starter" },
  });
  if (!made.checkoutUrl) return fail("unavailable", "The order has no payment page.");
  return { order: made.order, checkoutUrl: made.checkoutUrl };
}

/** Pays on the hosted page as its form does, with the card that always succeeds. Answers where the page sends the payer. */
export async function pay(browser: Visitor, checkoutUrl: string, email: string): Promise<string> {
  const page = await browser.fetch(checkoutUrl);
  if (!page.ok) fail("unavailable", `The payment page answered ${page.status}.`);
  const card = { cardNumber: "4242 4242 4242 4242", cardExpiry: "12 / 34", cardCvc: "123" };
  const paid = await browser.fetch(checkoutUrl, { form: { email, ...card, billingName: "Walk Customer" } });
  const location = paid.headers.get("location");
  if (!location) return fail("unavailable", `The payment page answered ${paid.status} and sends nobody on.`);
  return location;
}

export const readOrder = (addresses: Addresses, browser: Visitor, orderId: string): Promise<Order> =>
  browser.patientJson(Order, `${addresses.hub}/api/public/v1/orders/${orderId}`);

/** Follows the order until it is active; throws with the reason if it fails. */
export function untilActive(
  addresses: Addresses,
  browser: Visitor,
  orderId: string,
  timeoutMs: number,
): Promise<Order> {
  return untilTrue(
    async () => {
      const order = await readOrder(addresses, browser, orderId);
      if (order.state === "FAILED") fail("conflict", `The order failed: ${order.failureReason}`);
      return order.state === "ACTIVE" ? order : null;
    },
    { timeoutMs, intervalMs: 250, what: "An active order" },
  );
}
