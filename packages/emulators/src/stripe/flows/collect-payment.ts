import { type Call, emit, secondsOf } from "../call.ts";
import { stripeId } from "../ids.ts";
import type { Customer } from "../objects/customer.ts";
import { type Invoice, invoicePayment } from "../objects/invoice.ts";
import {
  type CardFacts,
  charge,
  type Decline,
  type PaymentIntent,
  type PaymentMethod,
  paymentIntent,
  paymentMethod,
} from "../objects/payment.ts";

export function attachCard(call: Call, customer: Customer | null, card: CardFacts, name: string | null): PaymentMethod {
  const made = paymentMethod({
    id: stripeId("pm"),
    created: secondsOf(call),
    customer: customer?.id ?? null,
    email: customer?.email ?? null,
    name,
    card,
  });
  call.store.put(made);
  if (customer) emit(call, "payment_method.attached", made);
  return made;
}

/** A payment intent with its charge, either succeeded or declined, and their events. */
export function collectPayment(
  call: Call,
  input: {
    amount: number;
    currency: string;
    customer: string | null;
    method: PaymentMethod;
    description: string;
    metadata?: Record<string, string>;
    decline?: Decline;
  },
): PaymentIntent {
  const id = stripeId("pi");
  const opened = paymentIntent({
    id,
    created: secondsOf(call),
    amount: input.amount,
    currency: input.currency,
    customer: input.customer,
    description: input.description,
    metadata: input.metadata ?? {},
    clientSecret: `${id}_secret_${stripeId("", 25).slice(1)}`,
  });
  call.store.put(opened);
  emit(call, "payment_intent.created", opened);
  const decline = input.decline ?? null;
  const made = charge({ id: stripeId("ch"), created: secondsOf(call), intent: opened, method: input.method, decline });
  call.store.put(made);
  emit(call, decline ? "charge.failed" : "charge.succeeded", made);
  const settled: PaymentIntent = decline
    ? { ...opened, latest_charge: made.id, last_payment_error: paymentErrorOf(decline, made.id) }
    : {
        ...opened,
        status: "succeeded",
        amount_received: input.amount,
        latest_charge: made.id,
        payment_method: input.method.id,
      };
  call.store.put(settled);
  emit(call, decline ? "payment_intent.payment_failed" : "payment_intent.succeeded", settled);
  return settled;
}

const paymentErrorOf = (decline: Decline, chargeId: string) => ({
  charge: chargeId,
  code: decline.code,
  decline_code: decline.declineCode,
  message: decline.message,
  type: "card_error",
});

/** Takes the money of a paid invoice and emits the invoice's events; nothing is charged for a total of 0. */
export function collectInvoice(call: Call, invoice: Invoice, method: PaymentMethod): void {
  call.store.put(invoice);
  emit(call, "invoice.created", invoice);
  emit(call, "invoice.finalized", invoice);
  if (invoice.total > 0) {
    const description =
      invoice.billing_reason === "subscription_create" ? "Subscription creation" : "Subscription update";
    const intent = collectPayment(call, {
      amount: invoice.total,
      currency: invoice.currency,
      customer: invoice.customer,
      method,
      description,
    });
    const payment = invoicePayment({
      id: stripeId("inpay"),
      created: secondsOf(call),
      invoice: invoice.id,
      amount: invoice.total,
      currency: invoice.currency,
      paymentIntent: intent.id,
    });
    call.store.put(payment);
    emit(call, "invoice_payment.paid", payment);
  }
  emit(call, "invoice.paid", invoice);
  emit(call, "invoice.payment_succeeded", invoice);
}
