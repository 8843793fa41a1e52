/** The whole way of one customer over the public interfaces: from a stranger to a bill that is right to the token. */
import { createHash, randomBytes } from "node:crypto";
import path from "node:path";
import { RealtimeTicket, type Tenant } from "@berth/contracts";
import { fail } from "@berth/platform";
import { type Finding, type Sink, scanSinks } from "@berth/testkit";
import { z } from "zod";
import { loadDevSecrets } from "../stack/dev-secrets.ts";
import type { StackOptions } from "../stack/stack-options.ts";
import type { Stack } from "../stack/start-stack.ts";
import { decide, untilAsked, untilExecuted } from "./approvals.ts";
import { Chat } from "./chat.ts";
import { pay, placeOrder, untilActive } from "./checkout.ts";
import { type CustomerConsole, openConsole } from "./customer-console.ts";
import { type Customer, signIn, signUp } from "./sign-up.ts";
import { StepLog } from "./step-log.ts";
import { readTenant, tokensAtProvider, tokensAtStripe, untilReported } from "./usage.ts";
import type { Visitor } from "./visitor.ts";

export interface WalkResult {
  ok: boolean;
  mode: StackOptions["mode"];
  steps: { name: string; ms: number }[];
  checkoutToActiveMs: number;
  secretsFoundOutside: number;
  serversCreated: number;
  approvalExecutions: number;
  meterTokensDelta: number;
  findings: Finding[];
}

/** Called between two steps, so that a test can kill something in the middle of the way. */
export type Interlude = (after: string) => Promise<void>;

const activeTimeoutMs = 240_000;
const secretName = "walk_secret";

interface Way {
  stack: Stack;
  options: StackOptions;
  log: StepLog;
  say: (line: string) => void;
}

const tool = (name: string, args: object): string => `[[tool ${name} ${JSON.stringify(args)}]]`;

async function becomeCustomer({ stack, options, log }: Way, interlude: Interlude) {
  const { addresses } = stack;
  const customer = await log.run("sign up, verify the address by mail", () => signUp(addresses, "Wanda Walker"));
  const { order, checkoutUrl } = await log.run("choose a plan, order", () => placeOrder(addresses, customer.browser));
  await interlude("ordered");
  const paidAt = performance.now();
  const landing = await log.run("pay on the hosted page", () => pay(customer.browser, checkoutUrl, customer.email));
  if (!landing.includes(order.id))
    fail("unavailable", `Stripe sends the payer to ${landing}, which does not name the order.`);
  await interlude("paid");
  await log.run("server, DNS, provisioning, enrolment, gate self-test", () =>
    untilActive(addresses, customer.browser, order.id, activeTimeoutMs),
  );
  const checkoutToActiveMs = Math.round(performance.now() - paidAt);
  await interlude("active");
  const portal = await log.run("sign in to the portal", () => signIn(addresses, customer));
  const tenant = await readTenant(addresses, portal);
  if (tenant.isolation !== options.mode)
    fail("conflict", `The portal says ${tenant.isolation} of a server of mode ${options.mode}.`);
  return { customer, portal, tenant, checkoutToActiveMs };
}

/** Opens the chat; a link that a kill has cut is simply opened again. */
async function openChat({ stack }: Way, portal: Visitor, tenant: Tenant): Promise<Chat> {
  const ticket = await portal.json(RealtimeTicket, `${stack.addresses.hub}/api/portal/v1/realtime-ticket`, {
    method: "POST",
    json: { tenantId: tenant.id },
  });
  return Chat.open(ticket.url);
}

async function chatAndApprove(
  way: Way,
  console: CustomerConsole,
  portal: Visitor,
  tenant: Tenant,
  interlude: Interlude,
) {
  const { log, stack } = way;
  const secret = `walk-${randomBytes(18).toString("base64url")}`;
  await log.run("put a secret into the vault, on the server's console", () =>
    console.setSecret(secretName, secret, { tools: ["run_command"] }),
  );
  let chat = await log.run("open the chat", () => openChat(way, portal, tenant));
  const hello = await log.run("say hello, get a streamed answer", () => chat.say("hello there"));
  if (!hello.answer.includes("hello there") || hello.deltas === 0)
    fail("unavailable", `Not a streamed answer: ${JSON.stringify(hello)}`);
  const typed = await log.run("type the secret by mistake; the agent redacts it", () =>
    chat.say(`remember ${secret} please`),
  );
  if (typed.answer.includes(secret)) fail("conflict", "The typed secret came back in plain.");
  const wrote = await log.run("a harmless act runs at once", () =>
    chat.say(tool("file", { op: "write", path: "old-report.txt", content: "old numbers\n" })),
  );
  if (!wrote.answer.startsWith("Done.")) fail("unavailable", `The file was not written: ${wrote.answer}`);
  await interlude("chatted");
  if (!chat.isOpen) chat = await openChat(way, portal, tenant);
  const command = `rm old-report.txt && echo ran >> executions.log && printf %s SECRET_REF(${secretName}) | sha256sum && printf 'seen:%s' SECRET_REF(${secretName})`;
  const parked = await log.run("a Red act is parked", () => chat.say(tool("run_command", { command })));
  if (!/parked/i.test(parked.answer)) fail("conflict", `The Red act was not parked: ${parked.answer}`);
  const asked = await log.run("the portal shows what exactly would run", () =>
    untilAsked(stack.addresses, portal, tenant.id, new Set()),
  );
  if (asked.argumentsRedacted?.command !== command)
    fail("conflict", `The portal shows another command: ${JSON.stringify(asked.argumentsRedacted)}`);
  await interlude("parked");
  if (!chat.isOpen) chat = await openChat(way, portal, tenant);
  const before = chat.frames.length;
  await log.run("approve", () => decide(stack.addresses, portal, asked.id, "approved"));
  await interlude("approved");
  const executed = await log.run("it runs once, with the secret", () =>
    untilExecuted(stack.addresses, portal, asked.id),
  );
  if (executed.execution !== "succeeded") fail("unavailable", "The approved command failed on the server.");
  if (!chat.isOpen) chat = await openChat(way, portal, tenant);
  const digest = createHash("sha256").update(secret).digest("hex");
  await log.run("the agent is woken and reports", () => untilReportedInChat(chat, before, digest));
  await denied(way, chat, portal, tenant, asked.id);
  const executions = (await console.readWorkspaceFile("executions.log")).split("\n").filter(Boolean).length;
  chat.close();
  return { secret, executions };
}

/** The report may have come while no socket was open; then it is in the history. */
async function untilReportedInChat(chat: Chat, after: number, digest: string): Promise<void> {
  const reports = (text: string): boolean => text.startsWith("Report:") && text.includes(digest);
  const past = await chat.history();
  if (past.some((message) => reports(message.text))) return;
  await chat.waitFor(
    (frame) => frame.type === "chat.final" && reports(frame.message.text),
    after,
    60_000,
    "The agent's report",
  );
}

async function denied({ log, stack }: Way, chat: Chat, portal: Visitor, tenant: Tenant, known: string): Promise<void> {
  const { addresses } = stack;
  await log.run("another Red act is denied, with a note", async () => {
    await chat.say(tool("run_command", { command: "rm -r /workspace/executions.log" }));
    const asked = await untilAsked(addresses, portal, tenant.id, new Set([known]));
    const after = chat.frames.length;
    await decide(addresses, portal, asked.id, "denied", "keep the log");
    const heard = (text: string): boolean => text.startsWith("Report:") && text.includes("keep the log");
    await chat.waitFor(
      (frame) => frame.type === "chat.final" && heard(frame.message.text),
      after,
      60_000,
      "The agent's word on the denial",
    );
  });
}

const sinksOf = ({ stack }: Way, console: CustomerConsole): Sink[] => [
  { name: "LLM requests", kind: "files", roots: [stack.llmRequestLog] },
  { name: "the Hub's database and job payloads", kind: "database", url: stack.databaseUrl },
  ...(stack.redisUrl ? [{ name: "job payloads on Redis", kind: "redis", url: stack.redisUrl } as const] : []),
  { name: "logs of the Hub", kind: "files", roots: [stack.logDir] },
  { name: "logs on the server", kind: "files", roots: console.logFolders() },
  { name: "journal of the server", kind: "bytes", where: "journalctl", read: () => console.journal() },
  { name: "OpenClaw's state and transcripts", kind: "files", roots: console.stateFolders() },
];

async function settle(way: Way, portal: Visitor, tenant: Tenant) {
  const { addresses } = way.stack;
  const usage = await way.log.run("hourly totals reach the Hub and the meter", () =>
    untilReported(addresses, portal, tenant.id, () => tokensAtProvider(addresses)),
  );
  const stripeKey = loadDevSecrets(way.options.dataDir).stripeSecretKey;
  const atStripe = await tokensAtStripe(way.stack, stripeKey);
  const atProvider = await tokensAtProvider(addresses);
  way.say(`  tokens: provider ${atProvider}, Hub ${usage.totalTokens}, Stripe ${atStripe}`);
  return Math.max(Math.abs(usage.totalTokens - atStripe), Math.abs(atProvider - usage.totalTokens));
}

/** Operators see the order with its steps and the tenant with its gate. */
async function lookAsStaff({ stack, log }: Way, tenant: Tenant): Promise<void> {
  const { addresses } = stack;
  await log.run("the admin portal shows order and tenant", async () => {
    const staff = await signIn(addresses, stack.staff);
    const List = z.object({ items: z.array(z.looseObject({ id: z.string() })) });
    const tenants = await staff.json(List, `${addresses.hub}/api/admin/v1/tenants`);
    const orders = await staff.json(List, `${addresses.hub}/api/admin/v1/orders`);
    const complete =
      tenants.items.some(({ id }) => id === tenant.id) && orders.items.some(({ id }) => id === tenant.orderId);
    if (!complete) fail("conflict", "The admin portal lacks the order or the tenant.");
  });
}

export async function walk(
  input: { stack: Stack; options: StackOptions; say: (line: string) => void },
  interlude: Interlude = async () => undefined,
): Promise<WalkResult & { customer: Customer }> {
  const way: Way = { ...input, log: new StepLog(input.say) };
  const { customer, portal, tenant, checkoutToActiveMs } = await becomeCustomer(way, interlude);
  const console = await openConsole(input.options.mode, input.stack.labDir);
  const { secret, executions } = await chatAndApprove(way, console, portal, tenant, interlude);
  const meterTokensDelta = await settle(way, portal, tenant);
  await lookAsStaff(way, tenant);
  const { findings, bytesRead } = await way.log.run("look for the secret in every sink", () =>
    scanSinks(secret, sinksOf(way, console)),
  );
  input.say(`  ${Math.round(bytesRead / 1e6)} MB searched in ${sinksOf(way, console).length} sinks`);
  const serversCreated = (await openConsole(input.options.mode, input.stack.labDir)).serverNames.length;
  const ok = findings.length === 0 && executions === 1 && serversCreated === 1 && meterTokensDelta === 0;
  return {
    ok,
    mode: input.options.mode,
    steps: way.log.steps,
    checkoutToActiveMs,
    secretsFoundOutside: findings.length,
    serversCreated,
    approvalExecutions: executions,
    meterTokensDelta,
    findings,
    customer,
  };
}

/** A folder of its own for each walk, so that it starts from nothing. */
export const walkDir = (root: string): string =>
  path.join(root, ".berth/walks", `${Date.now().toString(36)}-${process.pid}`);
