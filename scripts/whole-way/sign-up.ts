import { fail, randomToken } from "@berth/platform";
import { z } from "zod";
import type { Addresses } from "../stack/start-stack.ts";
import { Visitor } from "./visitor.ts";

const InboxMessage = z.object({
  message: z.object({ to: z.array(z.string()), subject: z.string(), links: z.array(z.string()) }),
});

export interface Customer {
  email: string;
  password: string;
  browser: Visitor;
}

/** Signs up with e-mail and password, opens the link from the mail, and is signed in. */
export async function signUp(addresses: Addresses, name: string): Promise<Customer> {
  const email = `${name.toLowerCase().replaceAll(/[^a-z]/g, "")}-${randomToken(4)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "x")}@example.com`;
  const password = `walk ${randomToken(9)}`;
  const browser = new Visitor(addresses.website);
  const callbackURL = `${addresses.website}/verified?plan=starter`;
  await browser.json(z.unknown(), `${addresses.hub}/api/auth/sign-up/email`, {
    method: "POST",
    json: { email, password, name, callbackURL },
  });
  const inbox = await browser.json(InboxMessage, `${addresses.mail}/api/messages/wait?to=${encodeURIComponent(email)}`);
  const link = inbox.message.links.find((candidate) => candidate.includes("verify-email"));
  if (!link) return fail("unavailable", `The mail "${inbox.message.subject}" holds no verification link.`);
  const opened = await browser.fetch(link);
  if (opened.status >= 400) fail("unavailable", `The verification link answered ${opened.status}.`);
  return { email, password, browser };
}

/** Signs in; needed where verification does not do so by itself. */
export async function signIn(
  addresses: Addresses,
  who: { email: string; password: string },
  origin = addresses.hub,
): Promise<Visitor> {
  const browser = new Visitor(origin);
  await browser.patientJson(z.unknown(), `${addresses.hub}/api/auth/sign-in/email`, {
    method: "POST",
    json: { email: who.email, password: who.password },
  });
  return browser;
}
