import { type Call, emit, secondsOf } from "../call.ts";
import { invalidRequest } from "../errors.ts";
import { stripeId } from "../ids.ts";
import { type InvoiceLine, invoiceLine, paidInvoice } from "../objects/invoice.ts";
import type { Tier } from "../objects/price.ts";
import type { Subscription, SubscriptionItem } from "../objects/subscription.ts";
import { meterTotal } from "../resources/meter-totals.ts";
import { cancelNow } from "../resources/subscriptions.ts";
import { collectInvoice } from "./collect-payment.ts";
import { periodEnd } from "./period.ts";
import { lineDescription, takeInvoiceNumber } from "./start-subscription.ts";
import { tieredAmount } from "./tiered-amount.ts";

/** Ends the running period as if its time had come: invoices usage behind and the fixed price ahead, or cancels. */
export function renewSubscription(call: Call, present: Subscription): Subscription {
  if (present.status === "canceled") throw invalidRequest("A canceled subscription has no next period.");
  if (present.cancel_at_period_end) return cancelNow(call, present);
  const customer = call.store.find("customer", present.customer);
  const method = present.default_payment_method && call.store.find("payment_method", present.default_payment_method);
  if (!customer || !method) throw invalidRequest("The subscription has no customer or payment method.");
  const invoiceId = stripeId("in");
  const lines = present.items.data.map((item) => lineOf(call, item, invoiceId));
  const items = present.items.data.map(nextPeriodOf);
  const numbered = takeInvoiceNumber(call, customer);
  const period = periodOf(present);
  const invoice = paidInvoice({
    id: invoiceId,
    created: secondsOf(call),
    number: numbered.number,
    customer: numbered.customer,
    subscription: present,
    billing_reason: "subscription_cycle",
    currency: present.currency,
    lines,
    period,
    hostedUrl: `${call.publicUrl()}/i/${invoiceId}`,
  });
  const renewed = { ...present, items: { ...present.items, data: items }, latest_invoice: invoiceId };
  call.store.put(renewed);
  emit(call, "customer.subscription.updated", renewed, { latest_invoice: present.latest_invoice });
  collectInvoice(call, invoice, method);
  return renewed;
}

const periodOf = (present: Subscription) => ({
  start: present.items.data[0]?.current_period_start ?? present.created,
  end: present.items.data[0]?.current_period_end ?? present.created,
});

const nextPeriodOf = (item: SubscriptionItem): SubscriptionItem => ({
  ...item,
  current_period_start: item.current_period_end,
  current_period_end: periodEnd(item.current_period_end, item.price),
});

/** Metered items pay for the period that ends, licensed ones for the one that begins. */
function lineOf(call: Call, item: SubscriptionItem, invoice: string): InvoiceLine {
  const { price } = item;
  const metered = price.recurring?.usage_type === "metered";
  const quantity = metered ? usageOf(call, item) : (item.quantity ?? 0);
  const tiers = call.store.hidden<Tier[]>(price.id);
  const next = nextPeriodOf(item);
  return invoiceLine({
    id: stripeId("il"),
    invoice,
    subscription: item.subscription,
    subscriptionItem: item.id,
    price,
    quantity,
    amount: tieredAmount(price, tiers, quantity),
    description: lineDescription(call, price, quantity),
    period: metered
      ? { start: item.current_period_start, end: item.current_period_end }
      : { start: next.current_period_start, end: next.current_period_end },
  });
}

function usageOf(call: Call, item: SubscriptionItem): number {
  const meter = item.price.recurring?.meter && call.store.find("billing.meter", item.price.recurring.meter);
  const owner = call.store.find("subscription", item.subscription);
  if (!meter || !owner) return 0;
  return meterTotal(call, meter, owner.customer, item.current_period_start, item.current_period_end).value;
}
