import { describe, expect, test } from "vitest";
import {
  agentReadyMail,
  approvalWaitingMail,
  type MailContent,
  orderConfirmedMail,
  orderFailedMail,
  verifyAddressMail,
} from "../index.ts";

const url = "https://portal.example/somewhere?a=1&b=2";
const evil = `<img src=x onerror="alert('1')">\r\nBcc: other@example.com`;

const approval = (text: string) => ({
  agent: text,
  tool: text,
  actClass: text,
  reason: text,
  blastRadius: text,
  expiresAt: text,
  url,
});

const mailsWith = (text: string): [string, MailContent][] => [
  ["verify-address", verifyAddressMail({ url, validForMinutes: 60 })],
  ["order-confirmed", orderConfirmedMail({ orderId: text, planName: text, priceMinor: 4900, currency: "eur", url })],
  ["agent-ready", agentReadyMail({ tenantName: text, url })],
  ["order-failed", orderFailedMail({ orderId: text, step: text, reason: text, url })],
  ["approval-waiting", approvalWaitingMail(approval(text))],
];

describe.each(mailsWith(evil))("%s", (_name, mail) => {
  test("lets no markup and no header of an input through", () => {
    expect(mail.html).not.toContain("<img");
    expect(mail.html).not.toContain(`onerror="`);
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.text).not.toMatch(/^Bcc:/m);
  });

  test("says the same in text and in HTML, with the link in both", () => {
    expect(mail.text).toContain(url);
    expect(mail.html).toContain(`href="https://portal.example/somewhere?a=1&amp;b=2"`);
    const firstParagraph = mail.text.split("\n\n")[1] ?? "";
    expect(mail.html.replaceAll("&#39;", "'")).toContain(firstParagraph.slice(0, 30).split("<")[0]);
  });
});

test("a button never leads anywhere but to a web page", () => {
  expect(() => agentReadyMail({ tenantName: "Ada", url: "javascript:alert(1)" })).toThrow();
  expect(() => agentReadyMail({ tenantName: "Ada", url: "not an address" })).toThrow();
});

test("the approval mail carries one address, the page, and no way to decide", () => {
  const mail = approvalWaitingMail(approval("x"));
  const addresses = new Set(mail.html.match(/https?:\/\/[^"<\s]+/g));
  expect(addresses.size).toBe(1);
  expect(mail.html).not.toMatch(/<form|decision|approve=|action=/);
});

test("money is shown in the currency's own form", () => {
  const mail = orderConfirmedMail({ orderId: "ord_1", planName: "Team", priceMinor: 14900, currency: "eur", url });
  expect(mail.text).toContain("€149.00 a month");
});
