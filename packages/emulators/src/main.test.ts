import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function run(args: string[]) {
  const freePorts = { STRIPE_EMULATOR_PORT: "0", MAIL_INBOX_PORT: "0", SMTP_PORT: "0", LLM_EMULATOR_PORT: "0" };
  const child = spawn(process.execPath, [main, ...args], { env: { PATH: process.env.PATH ?? "", ...freePorts } });
  children.push(child);
  return child;
}

test("the process starts every emulator, says where, and ends on SIGTERM", async () => {
  const child = run([]);
  const addresses = new Map<string, string>();
  for await (const line of createInterface({ input: child.stdout })) {
    const { emulator, url } = JSON.parse(line);
    addresses.set(emulator, url);
    if (addresses.size === 3) break;
  }
  expect([...addresses.keys()]).toEqual(["stripe", "mail", "llm"]);
  for (const name of ["stripe", "mail"]) expect((await fetch(addresses.get(name) ?? "")).status).toBe(200);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
}, 20_000);

test("an unknown name is answered with the known ones", async () => {
  const child = run(["paypal"]);
  const said: string[] = [];
  child.stderr.on("data", (chunk) => said.push(String(chunk)));
  const [code] = await once(child, "close");
  expect(code).not.toBe(0);
  expect(said.join("")).toContain("Known: stripe, mail, llm");
}, 20_000);
