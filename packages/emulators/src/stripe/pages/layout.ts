import { html, raw } from "hono/html";

export type Html = ReturnType<typeof html>;

const styles = `
:root{color-scheme:light;--ink:#1a1f36;--soft:#5b6478;--line:#dfe3ea;--accent:#4f46e5;--ground:#f6f8fb}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 -apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
header{display:flex;gap:12px;align-items:center;justify-content:center;padding:12px 16px;background:#fff7e6;border-bottom:1px solid #f3deb2;font-size:14px;color:#6b4e0b}
header strong{font-weight:600}
main{max-width:960px;margin:0 auto;padding:32px 16px 64px}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:48px}
@media (max-width:760px){.columns{grid-template-columns:1fr;gap:24px}}
.card{background:#fff;border:1px solid var(--line);border-radius:12px;padding:24px;box-shadow:0 1px 3px rgb(26 31 54/.06);margin-bottom:24px}
h1{font-size:22px;margin:0 0 16px;letter-spacing:-.01em}h2{font-size:17px;margin:0 0 12px}
.amount{font-size:36px;font-weight:600;letter-spacing:-.02em;margin:0 0 4px}
.soft{color:var(--soft);font-size:14px}
dl{margin:0;display:grid;grid-template-columns:1fr auto;gap:10px 24px}dt,dd{margin:0}dd{text-align:right;font-variant-numeric:tabular-nums}
label{display:block;font-size:14px;font-weight:500;margin:0 0 6px}
input{width:100%;font:inherit;padding:10px 12px;border:1px solid #c3c9d5;border-radius:8px;background:#fff;color:inherit;margin:0 0 16px}
input:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid #a5b4fc;outline-offset:1px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:12px}
button,.button{display:inline-block;width:100%;text-align:center;font:inherit;font-weight:600;padding:12px 16px;border:0;border-radius:8px;background:var(--accent);color:#fff;cursor:pointer;text-decoration:none}
button.quiet{background:#fff;color:#b42318;border:1px solid #f0b8b2;width:auto;padding:8px 14px}
a{color:var(--accent)}
.error{background:#fef3f2;border:1px solid #fecdca;color:#912018;border-radius:8px;padding:12px 14px;margin:0 0 16px}
table{width:100%;border-collapse:collapse;font-size:15px}th{text-align:left;font-size:13px;color:var(--soft);font-weight:500}
td,th{padding:8px 0;border-bottom:1px solid var(--line)}td:last-child,th:last-child{text-align:right}
`;

/** A page of the emulator; the bar on top says that no money moves here. */
export const page = (title: string, body: Html | Promise<Html>): Html | Promise<Html> => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Stripe emulator (test)</title>
<style>${raw(styles)}</style>
</head>
<body>
<header><strong>Stripe emulator (test)</strong><span>No money moves here.</span></header>
<main>${body}</main>
</body>
</html>`;

export const money = (minor: number, currency: string): string =>
  new Intl.NumberFormat("en-IE", { style: "currency", currency: currency.toUpperCase() }).format(minor / 100);

export const day = (seconds: number): string =>
  new Intl.DateTimeFormat("en-IE", { dateStyle: "long", timeZone: "UTC" }).format(seconds * 1000);

/** Strict enough that a value that slipped through escaping still runs nothing. */
export const pageHeaders = {
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
};
