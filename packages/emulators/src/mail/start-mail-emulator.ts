import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type Clock, systemClock } from "@berth/platform";
import { createAdaptorServer } from "@hono/node-server";
import { createInboxApp } from "./inbox-app.ts";
import { createMailStore } from "./mail-store.ts";
import { createSmtpServer } from "./smtp.ts";

export interface MailEmulatorOptions {
  /** Address to listen on; 127.0.0.1 if absent. */
  host?: string;
  /** Port of the inbox page on it; a free one if absent or 0. */
  port?: number;
  /** SMTP port on it; a free one if absent or 0. */
  smtpPort?: number;
  /** JSON-lines file that keeps the mails; in memory if absent. */
  file?: string;
  clock?: Clock;
}

export interface MailEmulator {
  /** The inbox page and its API. */
  url: string;
  /** For `MAIL_URL`. */
  smtpUrl: string;
  close(): Promise<void>;
}

/** An SMTP server that keeps what it gets, and a page to read it. Resolves when both listen. */
export async function startMailEmulator(options: MailEmulatorOptions = {}): Promise<MailEmulator> {
  const store = createMailStore(options.file);
  const stopped = new AbortController();
  const smtp = createSmtpServer(store, options.clock ?? systemClock);
  smtp.on("error", () => undefined); // a client that hangs up is no reason to stop
  const inbox = createAdaptorServer({ fetch: createInboxApp(store, stopped.signal).fetch });
  smtp.server.listen(options.smtpPort ?? 0, options.host ?? "127.0.0.1");
  inbox.listen(options.port ?? 0, options.host ?? "127.0.0.1");
  await Promise.all([once(smtp.server, "listening"), once(inbox, "listening")]);
  // Servers that listen on a TCP port have an AddressInfo.
  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${portOf(inbox)}`,
    smtpUrl: `smtp://127.0.0.1:${portOf(smtp.server)}`,
    async close() {
      stopped.abort();
      const closed = once(inbox, "close");
      inbox.close();
      if ("closeAllConnections" in inbox) inbox.closeAllConnections();
      await closed;
      await new Promise<void>((resolve) => smtp.close(resolve));
    },
  };
}
