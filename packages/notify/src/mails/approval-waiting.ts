import { layOut } from "../layout.ts";
import type { MailContent } from "../mailer.ts";

/**
 * An act waits for the customer's word. `url` opens the page where it is decided after signing in: a link that decided by
 * itself would be followed by mail scanners. The arguments stay out of the mail, for they can hold private matter.
 */
export function approvalWaitingMail(input: {
  agent: string;
  tool: string;
  actClass: string;
  reason: string;
  blastRadius: string;
  expiresAt: string;
  url: string;
}): MailContent {
  return layOut({
    subject: "Your agent asks for your approval",
    heading: "Your agent asks for your approval",
    paragraphs: ["It has stopped before this step and goes on only if you say so. Nothing has happened yet."],
    facts: [
      ["Agent", input.agent],
      ["Wants to use", input.tool],
      ["Class", input.actClass],
      ["Why it asks", input.reason],
      ["What it can affect", input.blastRadius],
      ["Waits until", input.expiresAt],
    ],
    action: { label: "See exactly what would run", url: input.url },
    footer: "You get this because you own an agent at Berth. Opening the link decides nothing.",
  });
}
