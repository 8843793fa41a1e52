import { html } from "hono/html";
import type { CheckoutLineItem, CheckoutSession } from "../objects/checkout-session.ts";
import type { Recurring } from "../objects/price.ts";
import { type Html, money, page } from "./layout.ts";

export interface CheckoutView {
  session: CheckoutSession;
  items: readonly CheckoutLineItem[];
  error?: string;
  email?: string;
  name?: string;
}

/** The form's ids are those of Stripe's own page, so that a browser test finds its way on both. */
export const checkoutPage = (view: CheckoutView): Html | Promise<Html> =>
  page(
    "Pay",
    html`<div class="columns">
<section aria-label="Order">
<p class="soft">${view.session.mode === "subscription" ? "Subscribe" : "Pay"}</p>
<p class="amount">${money(view.session.amount_total, view.session.currency)}</p>
<p class="soft">${view.session.mode === "subscription" ? "per month, charged today" : "charged today"}</p>
<div class="card"><dl>${view.items.map(itemRow)}</dl></div>
${view.session.cancel_url ? html`<p><a href="${view.session.cancel_url}">← Back without paying</a></p>` : ""}
</section>
<section class="card" aria-label="Payment">
<h1>Pay with card</h1>
${view.error ? html`<p class="error" role="alert">${view.error}</p>` : ""}
${form(view)}
<p class="soft">4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined. Any date ahead, any three digits.</p>
</section>
</div>`,
  );

const form = ({ session, email, name }: CheckoutView) => html`<form method="post">
<label for="email">Email</label>
<input id="email" name="email" type="email" autocomplete="email" required value="${email ?? session.customer_email ?? ""}">
<label for="cardNumber">Card number</label>
<input id="cardNumber" name="cardNumber" inputmode="numeric" autocomplete="cc-number" required placeholder="1234 1234 1234 1234">
<div class="pair">
<div><label for="cardExpiry">Expiry</label>
<input id="cardExpiry" name="cardExpiry" inputmode="numeric" autocomplete="cc-exp" required placeholder="MM / YY"></div>
<div><label for="cardCvc">CVC</label>
<input id="cardCvc" name="cardCvc" inputmode="numeric" autocomplete="cc-csc" required placeholder="CVC"></div>
</div>
<label for="billingName">Cardholder name</label>
<input id="billingName" name="billingName" autocomplete="cc-name" value="${name ?? ""}">
<button type="submit">${session.mode === "subscription" ? "Subscribe" : `Pay ${money(session.amount_total, session.currency)}`}</button>
</form>`;

function itemRow(item: CheckoutLineItem) {
  const recurring: Recurring | null = item.price.recurring;
  const metered = recurring?.usage_type === "metered";
  const every = recurring ? ` / ${recurring.interval}` : "";
  return html`<dt>${item.description}${metered ? html`<br><span class="soft">billed by usage at the end of the period</span>` : ""}</dt>
<dd>${metered ? "by usage" : `${money(item.amount_total, item.currency)}${every}`}</dd>`;
}

export const checkoutClosedPage = (message: string, link: string | null): Html | Promise<Html> =>
  page(
    "Checkout",
    html`<section class="card"><h1>${message}</h1>
${link ? html`<p><a href="${link}">Go on</a></p>` : html`<p class="soft">Go back to the shop and start again.</p>`}</section>`,
  );
