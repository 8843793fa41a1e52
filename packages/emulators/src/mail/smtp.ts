import { buffer } from "node:stream/consumers";
import type { Clock } from "@berth/platform";
import { isoOf } from "@berth/platform";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import type { MailStore } from "./mail-store.ts";
import { readMessage } from "./message.ts";

const maxMessageBytes = 5 * 1024 * 1024;

/** Takes every mail for everybody and sends none on. Any login is accepted, none is needed. */
export function createSmtpServer(store: MailStore, clock: Clock): SMTPServer {
  async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const raw = await buffer(stream);
    if (stream.sizeExceeded) throw Object.assign(new Error("Message is too large"), { responseCode: 552 });
    const { mailFrom, rcptTo } = session.envelope;
    const envelope = { from: mailFrom ? mailFrom.address : "", to: rcptTo.map((recipient) => recipient.address) };
    store.add(await readMessage(raw, { ...envelope, receivedAt: isoOf(clock.now()) }));
  }

  return new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    size: maxMessageBytes,
    banner: "Berth mail emulator",
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? "anybody" }),
    onData: (stream, session, done) => {
      take(stream, session).then(
        () => done(),
        (error: Error) => done(error),
      );
    },
  });
}
