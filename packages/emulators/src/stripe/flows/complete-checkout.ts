import { type Call, demand, emit } from "../call.ts";
import { type CardInput, judgeCard } from "../cards.ts";
import { type CheckoutLineItem, type CheckoutSession, customerDetails } from "../objects/checkout-session.ts";
import type { Customer } from "../objects/customer.ts";
import type { CardFacts, Decline } from "../objects/payment.ts";
import { createCustomer } from "../resources/customers.ts";
import { attachCard, collectPayment } from "./collect-payment.ts";
import { startSubscription } from "./start-subscription.ts";

export interface CheckoutForm extends CardInput {
  email: string;
  name: string;
}

/** `completed` also for a session that was completed before: paying twice is not possible. */
export type CheckoutOutcome =
  | { kind: "completed"; session: CheckoutSession }
  | { kind: "refused"; message: string; code: string }
  | { kind: "expired" };

/** What the hosted page does with a submitted form. */
export function completeCheckout(call: Call, sessionId: string, form: CheckoutForm): CheckoutOutcome {
  const session = demand(call, "checkout.session", sessionId);
  if (session.status === "complete") return { kind: "completed", session };
  if (session.status === "expired") return { kind: "expired" };
  if (!/^\S+@\S+\.\S+$/.test(form.email))
    return { kind: "refused", message: "Your email is invalid.", code: "email_invalid" };
  const verdict = judgeCard(form, call.clock.now());
  if (verdict.kind === "invalid") return { kind: "refused", message: verdict.message, code: "invalid_card" };
  if (verdict.kind === "declined") {
    recordDecline(call, session, verdict.card, verdict.decline);
    return { kind: "refused", message: verdict.decline.message, code: verdict.decline.code };
  }
  const completed =
    session.mode === "subscription"
      ? subscribe(call, session, form, verdict.card)
      : pay(call, session, form, verdict.card);
  call.store.put(completed);
  emit(call, "checkout.session.completed", completed);
  return { kind: "completed", session: completed };
}

function recordDecline(call: Call, session: CheckoutSession, card: CardFacts, decline: Decline): void {
  const customer = session.customer ? call.store.find("customer", session.customer) : null;
  const method = attachCard(call, null, card, customer?.name ?? null);
  const { amount_total: amount, currency } = session;
  collectPayment(call, { amount, currency, customer: session.customer, method, description: "Checkout", decline });
}

function customerOf(call: Call, session: CheckoutSession, form: CheckoutForm): Customer {
  if (session.customer) return demand(call, "customer", session.customer);
  return createCustomer(call, { email: form.email, ...(form.name ? { name: form.name } : {}) });
}

const completedSession = (session: CheckoutSession, form: CheckoutForm): CheckoutSession => ({
  ...session,
  status: "complete",
  payment_status: session.amount_total > 0 ? "paid" : "no_payment_required",
  url: null,
  customer_details: customerDetails({ email: form.email, name: form.name || null }),
});

function subscribe(call: Call, session: CheckoutSession, form: CheckoutForm, card: CardFacts): CheckoutSession {
  const customer = customerOf(call, session, form);
  const method = attachCard(call, customer, card, form.name || null);
  const started = startSubscription(call, {
    customer,
    method,
    items: call.store.hidden<CheckoutLineItem[]>(session.id) ?? [],
    metadata: call.store.hidden<Record<string, string>>(`${session.id}/subscription_metadata`) ?? {},
  });
  return {
    ...completedSession(session, form),
    customer: customer.id,
    subscription: started.id,
    invoice: started.latest_invoice,
  };
}

function pay(call: Call, session: CheckoutSession, form: CheckoutForm, card: CardFacts): CheckoutSession {
  const customer = session.customer ? demand(call, "customer", session.customer) : null;
  const method = attachCard(call, customer, card, form.name || null);
  const intent = collectPayment(call, {
    amount: session.amount_total,
    currency: session.currency,
    customer: session.customer,
    method,
    description: "Checkout",
    metadata: call.store.hidden<Record<string, string>>(`${session.id}/payment_metadata`) ?? {},
  });
  return { ...completedSession(session, form), payment_intent: intent.id };
}
