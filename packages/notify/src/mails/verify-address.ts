import { layOut } from "../layout.ts";
import type { MailContent } from "../mailer.ts";

/** Asks a new customer to prove that the address is theirs. `url` is single-use and short-lived. */
export function verifyAddressMail(input: { url: string; validForMinutes: number }): MailContent {
  return layOut({
    subject: "Confirm your e-mail address",
    heading: "Confirm your e-mail address",
    paragraphs: [
      "Welcome to Berth. Confirm that this address is yours, and you can choose a plan and start.",
      `The link works once and for ${input.validForMinutes} minutes.`,
    ],
    action: { label: "Confirm my address", url: input.url },
    footer: "You get this because somebody signed up at Berth with this address. If it was not you, do nothing.",
  });
}
