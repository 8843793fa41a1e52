import { fail } from "@berth/platform";
import { escapeHtml, oneLine } from "./html.ts";
import type { MailContent } from "./mailer.ts";

/** What a mail says, as plain text; text and HTML are both made from it and so cannot drift apart. */
export interface MailDraft {
  subject: string;
  heading: string;
  paragraphs: readonly string[];
  /** Short facts, shown as a list of name and value. */
  facts?: readonly (readonly [name: string, value: string])[];
  action?: { label: string; url: string };
  /** Why this person gets this mail, and what to do if it is not for them. */
  footer: string;
}

export function layOut(draft: MailDraft): MailContent {
  if (draft.action) assertWebAddress(draft.action.url);
  return { subject: oneLine(draft.subject), text: textOf(draft), html: htmlOf(draft) };
}

/** A `javascript:` or `data:` address must never become a button. */
function assertWebAddress(address: string): void {
  const protocol = URL.parse(address)?.protocol;
  if (protocol !== "https:" && protocol !== "http:")
    fail("internal", "The e-mail could not be made.", { internal: "link" });
}

function textOf({ heading, paragraphs, facts = [], action, footer }: MailDraft): string {
  const blocks = [
    oneLine(heading),
    ...paragraphs.map(oneLine),
    ...(facts.length > 0 ? [facts.map(([name, value]) => `${name}: ${oneLine(value)}`).join("\n")] : []),
    ...(action ? [`${action.label}:\n${action.url}`] : []),
    `--\nBerth\n${footer}`,
  ];
  return `${blocks.join("\n\n")}\n`;
}

const font = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** Tables and inline styles, because that is what mail programs agree on. */
function htmlOf({ subject, heading, paragraphs, facts = [], action, footer }: MailDraft): string {
  const body = [
    `<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:600;color:#111827">${escapeHtml(heading)}</h1>`,
    ...paragraphs.map(
      (text) => `<p style="margin:0 0 16px;font-size:16px;line-height:1.6;color:#374151">${escapeHtml(text)}</p>`,
    ),
    ...(facts.length > 0 ? [factsTable(facts)] : []),
    ...(action ? [button(action)] : []),
  ].join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(oneLine(subject))}</title>
</head>
<body style="margin:0;padding:0;background:#f3f4f6;${font}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px">
<tr><td style="padding:0 0 16px;font-size:18px;font-weight:700;letter-spacing:-0.01em;color:#0f4c5c">Berth</td></tr>
<tr><td style="padding:32px;background:#ffffff;border:1px solid #e5e7eb;border-radius:12px">
${body}
</td></tr>
<tr><td style="padding:16px 4px;font-size:13px;line-height:1.5;color:#6b7280">${escapeHtml(footer)}</td></tr>
</table>
</td></tr></table>
</body>
</html>
`;
}

function factsTable(facts: readonly (readonly [string, string])[]): string {
  const rows = facts.map(
    ([name, value]) =>
      `<tr><td style="padding:6px 16px 6px 0;font-size:14px;color:#6b7280;vertical-align:top;white-space:nowrap">${escapeHtml(name)}</td>` +
      `<td style="padding:6px 0;font-size:14px;color:#111827;word-break:break-word">${escapeHtml(value)}</td></tr>`,
  );
  return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 20px">${rows.join("")}</table>`;
}

function button({ label, url }: { label: string; url: string }): string {
  const href = escapeHtml(url);
  return `<p style="margin:8px 0 20px"><a href="${href}" style="display:inline-block;padding:12px 22px;border-radius:8px;background:#0f4c5c;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none">${escapeHtml(label)}</a></p>
<p style="margin:0;font-size:13px;line-height:1.5;color:#6b7280;word-break:break-all">If the button does not work, open this address:<br><a href="${href}" style="color:#0f4c5c">${href}</a></p>`;
}
