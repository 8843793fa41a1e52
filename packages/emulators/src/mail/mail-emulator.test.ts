import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { afterEach, expect, test } from "vitest";
import { createInboxClient, type MailEmulator, type MailEmulatorOptions, startMailEmulator } from "./index.ts";

const open: MailEmulator[] = [];
async function start(options: MailEmulatorOptions = {}) {
  const emulator = await startMailEmulator(options);
  open.push(emulator);
  const transport = createTransport(emulator.smtpUrl);
  const send = (to: string, subject: string, more: { text?: string; html?: string } = {}) =>
    transport.sendMail({ from: "Berth <berth@example.com>", to, subject, text: "Hello", ...more });
  return { emulator, send, inbox: createInboxClient(emulator.url) };
}
afterEach(async () => {
  for (const emulator of open.splice(0)) await emulator.close();
});

test("a mail is there with its text, HTML and links, whatever its encoding", async () => {
  const { send, inbox } = await start();
  const link = "https://portal.example/verify?token=abc&next=%2Fhome";
  await send("Ada@Example.com", "Grüße — bestätigen", {
    text: `Ünïcode: open\n${link}\n${"long line ".repeat(50)}`,
    html: `<p>Ünïcode <a href="${link.replace("&", "&amp;")}">open</a> <a href="https://other.example/">other</a></p>`,
  });
  const mail = await inbox.waitFor({ to: "ada@example.com" });
  expect(mail).toMatchObject({ subject: "Grüße — bestätigen", to: ["ada@example.com"], from: "berth@example.com" });
  expect(mail.text).toContain("Ünïcode");
  expect(mail.links).toEqual([link, "https://other.example/"]);
});

test("waiting answers as soon as the mail arrives, only for that address, only what came after", async () => {
  const { send, inbox } = await start();
  await send("ada@example.com", "first");
  const first = await inbox.waitFor({ to: "ada@example.com" });
  const second = inbox.waitFor({ to: "ada@example.com", after: first.id });
  await send("eve@example.com", "for somebody else");
  await send("ada@example.com", "second");
  expect((await second).subject).toBe("second");
  expect((await inbox.list("ada@example.com")).map((mail) => mail.subject)).toEqual(["second", "first"]);
  expect(await inbox.list()).toHaveLength(3);
  await expect(inbox.waitFor({ to: "nobody@example.com", timeoutMs: 1 })).rejects.toThrow(/No mail/);
});

test("the page shows a hostile mail without running it", async () => {
  const { emulator, send, inbox } = await start();
  const attack = "<script>alert(1)</script>";
  await send("ada@example.com", attack, { text: attack, html: `<head></head>${attack}` });
  const { id } = await inbox.waitFor({ to: "ada@example.com" });
  for (const path of ["/", `/messages/${id}`]) {
    const page = await (await fetch(`${emulator.url}${path}`)).text();
    expect(page).toContain("&lt;script&gt;");
    expect(page).not.toContain("<script>alert");
  }
  const frame = await fetch(`${emulator.url}/messages/${id}/html`);
  expect(frame.headers.get("content-security-policy")).toMatch(/^sandbox allow-top.*default-src 'none'/);
  expect((await fetch(`${emulator.url}/messages/none`)).status).toBe(404);
});

test("mails survive a restart and ids go on counting", async () => {
  const folder = await mkdtemp(join(tmpdir(), "berth-mail-"));
  const file = join(folder, "mail.jsonl");
  const before = await start({ file });
  await before.send("ada@example.com", "before");
  const old = await before.inbox.waitFor({ to: "ada@example.com" });
  await open.pop()?.close();
  const after = await start({ file });
  await after.send("ada@example.com", "after");
  expect((await after.inbox.waitFor({ to: "ada@example.com", after: old.id })).subject).toBe("after");
  expect(await after.inbox.list()).toHaveLength(2);
  await rm(folder, { recursive: true });
});

test("a mail of more than 5 MB is refused and the server lives on", async () => {
  const { send, inbox } = await start();
  await expect(send("ada@example.com", "big", { text: "x".repeat(6_000_000) })).rejects.toThrow();
  await send("ada@example.com", "small");
  expect((await inbox.waitFor({ to: "ada@example.com" })).subject).toBe("small");
});

test("a client that talks nonsense and hangs up harms nobody", async () => {
  const { emulator, send, inbox } = await start();
  const socket = connect(Number(new URL(emulator.smtpUrl).port), "127.0.0.1");
  await once(socket, "data");
  socket.end("\0\0\0 nonsense\r\nDATA\r\n");
  await once(socket, "close");
  await send("ada@example.com", "still here");
  expect((await inbox.waitFor({ to: "ada@example.com" })).subject).toBe("still here");
});

test("closing answers those who wait", async () => {
  const { emulator, inbox } = await start();
  const waiting = inbox.waitFor({ to: "ada@example.com" });
  waiting.catch(() => undefined);
  open.pop();
  await emulator.close();
  await expect(waiting).rejects.toThrow();
});
