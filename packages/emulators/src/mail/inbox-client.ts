import type { MailMessage } from "./message.ts";

export interface InboxClient {
  /** Newest first. */
  list(to?: string): Promise<MailMessage[]>;
  /** The first mail to this address after the given one, as soon as it is there. Rejects after `timeoutMs`. */
  waitFor(filter: { to: string; after?: string; timeoutMs?: number }): Promise<MailMessage>;
}

/** Reads the mail emulator's inbox over HTTP; `url` is that of the page. */
export function createInboxClient(url: string): InboxClient {
  return {
    async list(to) {
      const response = await fetch(`${url}/api/messages${to ? `?to=${encodeURIComponent(to)}` : ""}`);
      const { messages } = (await response.json()) as { messages: MailMessage[] }; // the emulator's own answer
      return messages;
    },
    async waitFor({ to, after, timeoutMs = 20_000 }) {
      const query = new URLSearchParams({ to, timeoutMs: String(timeoutMs), ...(after ? { after } : {}) });
      const response = await fetch(`${url}/api/messages/wait?${query}`);
      if (!response.ok) throw new Error(`No mail to ${to} within ${timeoutMs} ms.`);
      const { message } = (await response.json()) as { message: MailMessage }; // the emulator's own answer
      return message;
    },
  };
}
