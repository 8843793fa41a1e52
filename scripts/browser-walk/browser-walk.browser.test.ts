import { rmSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "@playwright/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { freePorts } from "../stack/ports.ts";
import { defaultMode, root } from "../stack/stack-options.ts";
import { type Stack, startStack } from "../stack/start-stack.ts";
import { walkDir } from "../whole-way/walk.ts";
import { createScreens, launchChromium, newDesktop } from "./screens.ts";

const folder = process.env.BERTH_SCREENS_DIR ?? path.join(root, ".berth/test-results/screens");
const screens = createScreens(folder, process.env.BERTH_SCREENS_DIR ? "some" : "all");
const longMs = 240_000;
const mode = defaultMode();
const dataDir = walkDir(root);

let stack: Stack;
let browser: Browser;
let page: Page;
let agentUrl = "";

beforeAll(async () => {
  stack = await startStack({
    dataDir,
    mode,
    ports: await freePorts(),
    heartbeatIntervalMs: 2000,
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    say: (line) => process.stdout.write(`${line}\n`),
  });
  browser = await launchChromium();
  page = await (await newDesktop(browser)).newPage();
  page.setDefaultTimeout(30_000);
}, 600_000);

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  if (process.env.BERTH_KEEP) process.stdout.write(`Kept: ${dataDir}\n`);
  else rmSync(dataDir, { recursive: true, force: true });
}, 120_000);

const Message = z.object({ message: z.object({ links: z.array(z.string()) }) });
const email = "customer@example.com";
const password = "a sentence for the browser walk";

test("a stranger understands the offer, signs up and confirms the address", { timeout: longMs }, async () => {
  await page.goto(stack.addresses.website);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await screens.keep(page, "website-landing");
  await page.getByRole("link", { name: "Choose Starter" }).click();
  await page.getByRole("button", { name: "Create my account" }).click();
  await page.getByText("At least 10 characters; a sentence is fine.").waitFor();
  await screens.keep(page, "website-sign-up-errors");
  await page.getByLabel("Your name").fill("Walk Customer");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create my account" }).click();
  await page.getByText("Look into your mail").waitFor();
  await screens.keep(page, "website-check-mail");
  const inbox = await fetch(`${stack.addresses.mail}/api/messages/wait?to=${email}`);
  const link = Message.parse(await inbox.json()).message.links.find((candidate) => candidate.includes("verify-email"));
  await page.goto(stack.addresses.mail);
  await screens.keep(page, "development-inbox");
  await page.goto(link ?? "");
  await page.getByRole("link", { name: "Go on to the payment" }).waitFor();
  await screens.keep(page, "website-verified");
});

test("pays on the hosted page, a declined card first, and follows the server being set up", {
  timeout: longMs,
}, async () => {
  await page.getByRole("link", { name: "Go on to the payment" }).click();
  await page.locator("#cardNumber").fill("4000 0000 0000 0002");
  await page.locator("#cardExpiry").fill("12 / 34");
  await page.locator("#cardCvc").fill("123");
  await page.getByRole("button", { name: "Subscribe" }).click();
  await page
    .getByRole("alert")
    .getByText(/declined/i)
    .waitFor();
  await screens.keep(page, "stripe-emulator-declined");
  await page.locator("#cardNumber").fill("4242 4242 4242 4242");
  await page.locator("#cardExpiry").fill("12 / 34");
  await page.locator("#cardCvc").fill("123");
  await page.getByRole("button", { name: "Subscribe" }).click();
  await page.waitForURL(/\/welcome\?order=/);
  await page.getByText("Server ordered").waitFor();
  await screens.keep(page, "website-setting-up");
  await page.getByRole("link", { name: "Talk to your agent" }).waitFor({ timeout: longMs });
  await screens.keep(page, "website-ready");
});

async function say(text: string): Promise<void> {
  await page.getByLabel("Message to your agent").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

test("chats with the agent and sees a streamed answer", { timeout: longMs }, async () => {
  await page.getByRole("link", { name: "Talk to your agent" }).click();
  await page.getByText("Connected", { exact: true }).waitFor();
  agentUrl = page.url();
  await say("write a note to shopping.txt: milk, bread, coffee");
  await page
    .getByText(/^Done\./)
    .first()
    .waitFor();
  await say("list my files");
  await page
    .getByText(/shopping\.txt/)
    .last()
    .waitFor();
  await screens.keep(page, "portal-chat");
});

test("is asked before a dangerous act, sees exactly what would run, and approves it", { timeout: longMs }, async () => {
  await say("delete the file shopping.txt");
  const aside = page.getByRole("complementary", { name: "Waiting for your word" });
  await aside.getByRole("button", { name: "Approve once" }).waitFor();
  await screens.keep(page, "portal-chat-asks");
  await page.goto(`${agentUrl}/approvals`);
  await page.getByRole("button", { name: "Approve once" }).waitFor();
  await screens.keep(page, "portal-approvals");
  await page.getByRole("button", { name: "Approve once" }).click();
  await page.getByRole("button", { name: "Yes, run it once" }).waitFor();
  await screens.keep(page, "portal-approve-confirm");
  await page.getByRole("button", { name: "Yes, run it once" }).click();
  await page.getByRole("button", { name: "Approve once" }).waitFor({ state: "detached" });
  await page.goto(agentUrl);
  await page
    .getByText(/^Report:/)
    .first()
    .waitFor();
  await screens.keep(page, "portal-chat-reports");
});

test("denies another one, and a second screen hears of it", { timeout: longMs }, async () => {
  const second = await page.context().newPage();
  await second.goto(`${agentUrl}/approvals`);
  await page.getByText("Connected", { exact: true }).waitFor();
  await say("run rm -r /workspace/everything");
  await second.getByRole("button", { name: "Deny" }).waitFor();
  await page.getByRole("button", { name: "Deny" }).click();
  await second.getByRole("button", { name: "Deny" }).waitFor({ state: "detached" });
  await page.reload();
  await page.goto(`${agentUrl}/approvals`);
  await page
    .getByText(/denied/i)
    .first()
    .waitFor();
  await screens.keep(page, "portal-approvals-decided");
  await second.close();
});

test("sees what was used", { timeout: longMs }, async () => {
  await page.goto(`${agentUrl}/usage`);
  await page.getByRole("heading", { name: /usage/i }).first().waitFor();
  await page.getByRole("table").first().waitFor();
  await screens.keep(page, "portal-usage");
  await page.goto(`${stack.addresses.hub}/agents`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await screens.keep(page, "portal-agents");
});

test("staff see orders with their steps, tenants with their gate, and what was done", { timeout: longMs }, async () => {
  const context = await newDesktop(browser);
  const staff = await context.newPage();
  staff.setDefaultTimeout(30_000);
  await staff.goto(`${stack.addresses.hub}/admin/orders`);
  await staff.getByLabel("E-mail").waitFor();
  await screens.keep(staff, "portal-sign-in");
  await staff.getByLabel("E-mail").fill(stack.staff.email);
  await staff.getByLabel("Password").fill(stack.staff.password);
  await staff.getByRole("button", { name: "Sign in" }).click();
  await staff.waitForURL(/\/admin\/orders/);
  await staff
    .getByText(/active/i)
    .first()
    .waitFor();
  await screens.keep(staff, "admin-orders");
  await staff.locator('a[href*="/admin/orders/ord_"]').first().click();
  await staff.waitForURL(/\/admin\/orders\/ord_/);
  await staff.getByRole("table").first().waitFor();
  await screens.keep(staff, "admin-order");
  await staff.goto(`${stack.addresses.hub}/admin/tenants`);
  await staff
    .getByText(/healthy/i)
    .first()
    .waitFor();
  await screens.keep(staff, "admin-tenants");
  await staff.goto(`${stack.addresses.hub}/admin/audit`);
  await staff.getByRole("table").first().waitFor();
  await screens.keep(staff, "admin-audit");
  await context.close();
});

test("no screen has a serious accessibility finding", () => {
  expect(screens.findings).toEqual([]);
});
