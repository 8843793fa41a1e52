import { createServer } from "node:net";
import { Writable } from "node:stream";
import { createInboxClient, type MailEmulator, startMailEmulator } from "@berth/emulators";
import { createLogger } from "@berth/platform";
import { afterEach, expect, test } from "vitest";
import { createSmtpMailer, type Mailer, verifyAddressMail } from "./index.ts";

let logged = "";
const destination = new Writable({
  write: (chunk, _encoding, done) => {
    logged += chunk;
    done();
  },
});
const log = createLogger({ service: "test", destination });
const mail = verifyAddressMail({ url: "https://portal.example/verify?token=t0p-s3cret", validForMinutes: 60 });

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
const keep = <T extends MailEmulator | Mailer>(one: T): T => {
  open.push(one);
  return one;
};

test("a mail arrives as text and HTML, and the log holds neither its link nor the address", async () => {
  const emulator = keep(await startMailEmulator());
  const mailer = keep(createSmtpMailer({ url: emulator.smtpUrl, from: "Berth <berth@example.com>", log }));
  await mailer.send({ to: "ada@example.com", ...mail, idempotencyKey: "verify:1" });
  const arrived = await createInboxClient(emulator.url).waitFor({ to: "ada@example.com" });
  expect(arrived.subject).toBe(mail.subject);
  expect(arrived.text.trim()).toBe(mail.text.trim());
  expect(arrived.html).toContain("<h1");
  expect(arrived.links).toEqual(["https://portal.example/verify?token=t0p-s3cret"]);
  expect(logged).toContain("sent an e-mail");
  expect(logged).not.toMatch(/t0p-s3cret|ada@example/);
});

test("the same idempotency key gives the same Message-ID, another key another one", async () => {
  const emulator = keep(await startMailEmulator());
  const mailer = keep(createSmtpMailer({ url: emulator.smtpUrl, from: "berth@example.com", log }));
  for (const idempotencyKey of ["a", "a", "b"]) await mailer.send({ to: "ada@example.com", ...mail, idempotencyKey });
  const ids = (await createInboxClient(emulator.url).list()).map((one) => one.messageId);
  expect(new Set(ids).size).toBe(2);
  expect(ids[0]).toMatch(/@example\.com>$/);
});

test("a recipient that holds a second address or a header reaches nobody else", async () => {
  const emulator = keep(await startMailEmulator());
  const mailer = keep(createSmtpMailer({ url: emulator.smtpUrl, from: "berth@example.com", log }));
  const attempts = ["ada@example.com, eve@example.com", "ada@example.com\r\nBcc: eve@example.com"];
  for (const to of attempts) await mailer.send({ to, ...mail }).catch(() => undefined);
  expect(await createInboxClient(emulator.url).list("eve@example.com")).toEqual([]);
});

test("a mail server that is away is `unavailable`, without its password in the error", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  await new Promise((resolve) => server.close(resolve));
  const mailer = keep(createSmtpMailer({ url: `smtp://u:hunter2@127.0.0.1:${port}`, from: "berth@example.com", log }));
  const error = await mailer.send({ to: "ada@example.com", ...mail }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "unavailable" });
  expect(String(error)).not.toContain("hunter2");
});

test("an address that is no SMTP server is refused at once", () => {
  expect(() => createSmtpMailer({ url: "http://127.0.0.1", from: "a@b.example", log })).toThrow(/MAIL_URL/);
});
