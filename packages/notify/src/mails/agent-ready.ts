import { layOut } from "../layout.ts";
import type { MailContent } from "../mailer.ts";

/** The server is up, its safety gate proven, and the agent waits. `url` is the chat. */
export function agentReadyMail(input: { tenantName: string; url: string }): MailContent {
  return layOut({
    subject: "Your agent is ready",
    heading: "Your agent is ready",
    paragraphs: [
      `${input.tenantName} is running on a server of its own, and its safety checks have passed.`,
      "Say hello and give it a first task. It asks you before anything dangerous or visible to others happens.",
    ],
    action: { label: "Open the chat", url: input.url },
    footer: "You get this because you ordered an agent at Berth.",
  });
}
