export { createInboxClient, type InboxClient } from "./inbox-client.ts";
export type { MailMessage } from "./message.ts";
export { type MailEmulator, type MailEmulatorOptions, startMailEmulator } from "./start-mail-emulator.ts";
