import { type Call, emit, secondsOf } from "../call.ts";
import { stripeId } from "../ids.ts";
import type { Customer } from "../objects/customer.ts";
import { invoiceLine, paidInvoice } from "../objects/invoice.ts";
import type { PaymentMethod } from "../objects/payment.ts";
import type { Price } from "../objects/price.ts";
import { type Subscription, subscription, subscriptionItem } from "../objects/subscription.ts";
import { collectInvoice } from "./collect-payment.ts";
import { periodEnd } from "./period.ts";

export interface OrderedItem {
  price: Price;
  /** null for a metered price. */
  quantity: number | null;
}

/** An active subscription whose first period is paid. */
export function startSubscription(
  call: Call,
  input: { customer: Customer; method: PaymentMethod; items: readonly OrderedItem[]; metadata: Record<string, string> },
): Subscription {
  const id = stripeId("sub");
  const created = secondsOf(call);
  const items = input.items.map(({ price, quantity }) =>
    subscriptionItem({
      id: stripeId("si", 14),
      created,
      subscription: id,
      price,
      quantity,
      current_period_start: created,
      current_period_end: periodEnd(created, price),
    }),
  );
  const currency = input.items[0]?.price.currency ?? "usd";
  const opened = subscription({
    id,
    created,
    currency,
    customer: input.customer.id,
    default_payment_method: input.method.id,
    metadata: input.metadata,
    items,
  });
  const invoiceId = stripeId("in");
  const numbered = takeInvoiceNumber(call, { ...input.customer, currency });
  const invoice = paidInvoice({
    id: invoiceId,
    created,
    number: numbered.number,
    customer: numbered.customer,
    subscription: opened,
    billing_reason: "subscription_create",
    currency,
    lines: items.map((item) =>
      invoiceLine({
        id: stripeId("il"),
        invoice: invoiceId,
        subscription: id,
        subscriptionItem: item.id,
        price: item.price,
        quantity: item.quantity ?? 0,
        amount: (item.price.unit_amount ?? 0) * (item.quantity ?? 0),
        description: lineDescription(call, item.price, item.quantity ?? 0),
        period: { start: created, end: item.current_period_end },
      }),
    ),
    period: { start: created, end: created },
    hostedUrl: `${call.publicUrl()}/i/${invoiceId}`,
  });
  const started = { ...opened, latest_invoice: invoiceId };
  call.store.put(started);
  emit(call, "customer.subscription.created", started);
  collectInvoice(call, invoice, input.method);
  return started;
}

/** Invoice numbers count up per customer, e.g. `1A2B3C4D-0001`. */
export function takeInvoiceNumber(call: Call, customer: Customer): { number: string; customer: Customer } {
  const sequence = customer.next_invoice_sequence;
  const next = call.store.put({ ...customer, next_invoice_sequence: sequence + 1 });
  return { number: `${customer.invoice_prefix}-${String(sequence).padStart(4, "0")}`, customer: next };
}

export function lineDescription(call: Call, price: Price, quantity: number): string {
  const name = call.store.find("product", price.product)?.name ?? "Product";
  if (price.recurring?.usage_type === "metered") return `${name} (metered usage)`;
  return `${quantity} × ${name} (at ${((price.unit_amount ?? 0) / 100).toFixed(2)} / ${price.recurring?.interval ?? "once"})`;
}
