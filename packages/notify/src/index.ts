export type { Mail, MailContent, Mailer } from "./mailer.ts";
export { agentReadyMail } from "./mails/agent-ready.ts";
export { approvalWaitingMail } from "./mails/approval-waiting.ts";
export { orderConfirmedMail } from "./mails/order-confirmed.ts";
export { orderFailedMail } from "./mails/order-failed.ts";
export { verifyAddressMail } from "./mails/verify-address.ts";
export { createSmtpMailer } from "./smtp-mailer.ts";
