import { createHash } from "node:crypto";
import { AppError, fail, type Logger } from "@berth/platform";
import { createTransport } from "nodemailer";
import type { Mail, Mailer } from "./mailer.ts";

/**
 * Sends over SMTP. `url` is `smtp://[user:password@]host:port` or `smtps://…`; `from` is an address, with or without a name.
 */
export function createSmtpMailer(options: { url: string; from: string; log: Logger }): Mailer {
  const { url, from, log } = options;
  if (!/^smtps?:\/\//.test(url)) fail("invalid_input", "MAIL_URL must start with smtp:// or smtps://.");
  const transport = createTransport(
    { url, pool: true, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 },
    { from, disableFileAccess: true, disableUrlAccess: true },
  );
  return {
    async send(mail) {
      const messageId = messageIdOf(mail, from);
      const { to, subject, text, html } = mail;
      try {
        await transport.sendMail({
          to: { name: "", address: to },
          subject,
          text,
          html,
          ...(messageId ? { messageId } : {}),
        });
      } catch (thrown) {
        throw new AppError("unavailable", "The e-mail could not be sent. Try again in a moment.", {
          internal: reasonOf(thrown),
        });
      }
      log.info({ subject }, "sent an e-mail");
    },
    close: () => transport.close(),
  };
}

/** Only the code and the server's reply code: the text of an SMTP error can repeat an address or a password. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "smtp";
  const { code, responseCode } = thrown as Error & { code?: unknown; responseCode?: unknown };
  return `smtp ${String(code ?? "-")} ${String(responseCode ?? "-")}`;
}

function messageIdOf(mail: Mail, from: string): string | undefined {
  if (!mail.idempotencyKey) return undefined;
  const domain = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? "localhost";
  return `<${createHash("sha256").update(mail.idempotencyKey).digest("hex").slice(0, 40)}@${domain}>`;
}
