import { Hono } from "hono";
import { z } from "zod";
import { inboxPage, inboxScript, messagePage } from "./inbox-page.ts";
import type { MailStore } from "./mail-store.ts";

const Query = z.object({
  to: z.string().min(1).optional(),
  after: z.string().min(1).optional(),
  timeoutMs: z.coerce.number().int().min(0).max(60_000).default(20_000),
});

const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; frame-src 'self'";
/** Mails are foreign text: their HTML gets no script, no network, and no origin. */
const mailPolicy =
  "sandbox allow-top-navigation-by-user-activation allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * The inbox page and its API: `GET /api/messages?to=` newest first, `GET /api/messages/wait?to=&after=&timeoutMs=` the first
 * one after the given id (408 when none came in time), `GET /api/messages/:id`.
 */
export function createInboxApp(store: MailStore, stopped: AbortSignal): Hono {
  const app = new Hono();
  app.get("/", (context) => context.html(inboxPage(store.list({})), 200, { "content-security-policy": pagePolicy }));
  app.get("/inbox.js", (context) => context.body(inboxScript, 200, { "content-type": "text/javascript" }));
  app.get("/messages/:id", (context) => {
    const message = store.find(context.req.param("id"));
    return message
      ? context.html(messagePage(message), 200, { "content-security-policy": pagePolicy })
      : context.notFound();
  });
  app.get("/messages/:id/html", (context) => {
    const message = store.find(context.req.param("id"));
    if (!message) return context.notFound();
    const body = message.html.replace(/<head>/i, '<head><base target="_top">');
    return context.html(body, 200, { "content-security-policy": mailPolicy });
  });
  app.get("/api/messages", (context) => {
    const query = Query.safeParse(context.req.query());
    return query.success
      ? context.json({ messages: store.list(query.data) })
      : context.json({ error: "bad query" }, 400);
  });
  app.get("/api/messages/wait", async (context) => {
    const query = Query.safeParse(context.req.query());
    if (!query.success) return context.json({ error: "bad query" }, 400);
    const ends = [AbortSignal.timeout(query.data.timeoutMs), context.req.raw.signal, stopped];
    const message = await store.wait(query.data, AbortSignal.any(ends));
    return message ? context.json({ message }) : context.json({ error: "no mail in time" }, 408);
  });
  app.get("/api/messages/:id", (context) => {
    const message = store.find(context.req.param("id"));
    return message ? context.json({ message }) : context.json({ error: "no such mail" }, 404);
  });
  return app;
}
