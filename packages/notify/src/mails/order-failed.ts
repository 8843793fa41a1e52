import { layOut } from "../layout.ts";
import type { MailContent } from "../mailer.ts";

/** Setting up stopped. `reason` is in plain words and safe to show; `url` is the order's page. */
export function orderFailedMail(input: { orderId: string; step: string; reason: string; url: string }): MailContent {
  return layOut({
    subject: "Setting up your agent has stopped",
    heading: "Setting up your agent has stopped",
    paragraphs: [
      "Something went wrong on our side. Your order is safe and you do not need to pay again: we have been told and will go on from the step that failed.",
      "If we cannot finish it, you get your money back.",
    ],
    facts: [
      ["What happened", input.reason],
      ["Step", input.step],
      ["Order", input.orderId],
    ],
    action: { label: "See the order", url: input.url },
    footer: "You get this because you ordered an agent at Berth.",
  });
}
