import type { Mail, Mailer } from "@berth/notify";

/** A mail server's place: keeps what it is given, one mail a key, as most mailboxes do. */
export function createFakeMailer(): Mailer & { sent: Mail[] } {
  const sent: Mail[] = [];
  return {
    sent,
    async send(mail) {
      if (!mail.idempotencyKey || sent.every((one) => one.idempotencyKey !== mail.idempotencyKey)) sent.push(mail);
    },
    close() {},
  };
}
