import { layOut } from "../layout.ts";
import type { MailContent } from "../mailer.ts";
import { moneyOf } from "../money.ts";

/** The payment is in and the server is on its way. `url` is the order's page. */
export function orderConfirmedMail(input: {
  orderId: string;
  planName: string;
  priceMinor: number;
  currency: string;
  url: string;
}): MailContent {
  return layOut({
    subject: `Your order is confirmed: Berth ${input.planName}`,
    heading: "Thank you, your payment has arrived",
    paragraphs: [
      "We are setting up your own server now. That usually takes a few minutes; you can close the page, we write when your agent is ready.",
    ],
    facts: [
      ["Plan", input.planName],
      ["Price", `${moneyOf(input.priceMinor, input.currency)} a month`],
      ["Order", input.orderId],
    ],
    action: { label: "Watch the progress", url: input.url },
    footer: "You get this because you ordered at Berth. Invoices are under Billing in your portal.",
  });
}
