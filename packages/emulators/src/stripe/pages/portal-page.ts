import { html } from "hono/html";
import type { Customer } from "../objects/customer.ts";
import type { Invoice } from "../objects/invoice.ts";
import type { Subscription } from "../objects/subscription.ts";
import { day, type Html, money, page } from "./layout.ts";

export interface PortalView {
  customer: Customer;
  subscriptions: readonly { subscription: Subscription; name: string }[];
  invoices: readonly Invoice[];
  returnUrl: string | null;
}

export const portalPage = ({ customer, subscriptions, invoices, returnUrl }: PortalView): Html | Promise<Html> =>
  page(
    "Billing",
    html`${returnUrl ? html`<p><a href="${returnUrl}">← Back</a></p>` : ""}
<h1>Billing of ${customer.email ?? customer.name ?? customer.id}</h1>
<section class="card"><h2>Subscriptions</h2>
${subscriptions.length === 0 ? html`<p class="soft">There is no running subscription.</p>` : subscriptions.map(subscriptionRow)}
</section>
<section class="card"><h2>Invoices</h2>${invoices.length === 0 ? html`<p class="soft">There is no invoice yet.</p>` : invoiceTable(invoices)}</section>`,
  );

function subscriptionRow({ subscription, name }: PortalView["subscriptions"][number]) {
  const end = day(subscription.items.data[0]?.current_period_end ?? subscription.created);
  const ends = subscription.cancel_at_period_end;
  return html`<form method="post">
<p><strong>${name}</strong><br><span class="soft">${ends ? `Ends on ${end}` : `Renews on ${end}`}</span></p>
<input type="hidden" name="subscription" value="${subscription.id}">
<input type="hidden" name="act" value="${ends ? "keep" : "cancel"}">
<button class="quiet" type="submit">${ends ? "Don't cancel" : "Cancel subscription"}</button>
</form>`;
}

const invoiceTable = (invoices: readonly Invoice[]) => html`<table>
<thead><tr><th scope="col">Number</th><th scope="col">Date</th><th scope="col">Amount</th></tr></thead>
<tbody>${invoices.map(
  (invoice) =>
    html`<tr><td><a href="${invoice.hosted_invoice_url}">${invoice.number}</a></td><td>${day(invoice.created)}</td><td>${money(invoice.total, invoice.currency)}</td></tr>`,
)}</tbody></table>`;

export const invoicePage = (invoice: Invoice): Html | Promise<Html> =>
  page(
    `Invoice ${invoice.number}`,
    html`<section class="card"><h1>Invoice ${invoice.number}</h1>
<p class="soft">Paid on ${day(invoice.created)} by ${invoice.customer_email ?? invoice.customer}</p>
<dl>${invoice.lines.data.map((line) => html`<dt>${line.description}</dt><dd>${money(line.amount, line.currency)}</dd>`)}
<dt><strong>Total</strong></dt><dd><strong>${money(invoice.total, invoice.currency)}</strong></dd></dl></section>`,
  );
