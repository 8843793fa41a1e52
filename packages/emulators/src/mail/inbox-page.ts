import { html, raw } from "hono/html";
import type { MailMessage } from "./message.ts";

type Html = ReturnType<typeof html>;

const styles = `
:root{color-scheme:light dark;--ink:light-dark(#111827,#e5e7eb);--soft:light-dark(#4b5563,#9ca3af);--line:light-dark(#e5e7eb,#374151);--ground:light-dark(#f9fafb,#111827);--card:light-dark(#fff,#1f2937);--accent:light-dark(#0f4c5c,#7dd3e8)}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 -apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
main{max-width:860px;margin:0 auto;padding:32px 16px 64px}
h1{font-size:22px;margin:0 0 4px;overflow-wrap:anywhere}
.soft{color:var(--soft);font-size:14px;margin:0 0 20px}
ul.inbox{list-style:none;margin:0;padding:0;background:var(--card);border:1px solid var(--line);border-radius:12px;overflow:hidden}
ul.inbox li+li{border-top:1px solid var(--line)}
ul.inbox a{display:grid;grid-template-columns:1fr auto;gap:2px 16px;padding:14px 20px;color:inherit;text-decoration:none}
ul.inbox a:hover{background:light-dark(#f3f4f6,#374151)}
strong{font-weight:600;overflow-wrap:anywhere}.soft.small{font-size:13px;margin:0}
a{color:var(--accent)}a:focus-visible{outline:3px solid var(--accent);outline-offset:-3px}
iframe{width:100%;height:620px;border:1px solid var(--line);border-radius:12px;background:#fff}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px;font-size:14px}
.links{padding-left:20px;overflow-wrap:anywhere}
`;

const page = (title: string, body: Html | Promise<Html>, newest: string) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(styles)}</style>
${newest ? html`<script src="/inbox.js" data-after="${newest}" defer></script>` : ""}
</head>
<body><main>${body}</main></body>
</html>`;

/** Waits for the next mail and shows it, without asking every few seconds. */
export const inboxScript = `
const { after } = document.currentScript.dataset;
(async () => {
  for (;;) {
    try {
      const answer = await fetch("/api/messages/wait?timeoutMs=50000&after=" + encodeURIComponent(after));
      if (answer.ok) return location.reload();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
})();
`;

export const inboxPage = (messages: readonly MailMessage[]) =>
  page(
    "Inbox",
    html`<h1>Inbox</h1>
<p class="soft">Every e-mail that Berth sends while developing ends here. Nothing leaves this machine.</p>
${messages.length === 0 ? html`<p>No e-mail yet. This page shows the first one as soon as it arrives.</p>` : html`<ul class="inbox">${messages.map(row)}</ul>`}`,
    messages[0]?.id ?? "msg_0",
  );

const row = (message: MailMessage) => html`<li><a href="/messages/${message.id}">
<strong>${message.subject || "(no subject)"}</strong><time class="soft small" datetime="${message.receivedAt}">${when(message)}</time>
<span class="soft small">to ${message.to.join(", ")}</span></a></li>`;

const when = (message: MailMessage): string => message.receivedAt.slice(0, 16).replace("T", " ");

export const messagePage = (message: MailMessage) =>
  page(
    message.subject,
    html`<p><a href="/">← Inbox</a></p>
<h1>${message.subject || "(no subject)"}</h1>
<p class="soft">From ${message.from} to ${message.to.join(", ")}, ${when(message)} UTC</p>
${message.links.length > 0 ? html`<h2 class="soft">Links</h2><ul class="links">${message.links.map((link) => html`<li><a href="${link}">${link}</a></li>`)}</ul>` : ""}
${message.html ? html`<iframe title="The e-mail as HTML" src="/messages/${message.id}/html" sandbox="allow-top-navigation-by-user-activation allow-popups"></iframe>` : ""}
<h2 class="soft">As plain text</h2>
<pre>${message.text}</pre>`,
    "",
  );
