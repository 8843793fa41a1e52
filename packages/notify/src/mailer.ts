/** One e-mail without its address; every file in `mails/` makes one. */
export interface MailContent {
  subject: string;
  text: string;
  html: string;
}

export interface Mail extends MailContent {
  to: string;
  /** The same key gives the same Message-ID, so that a mail sent twice shows once in most mailboxes. */
  idempotencyKey?: string;
}

export interface Mailer {
  /** Resolves when the mail server has taken the mail. Throws `unavailable` if it did not; that is worth a retry. */
  send(mail: Mail): Promise<void>;
  close(): void;
}
