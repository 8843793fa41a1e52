/** The whole way of one customer over the public interfaces: from a stranger to a bill that is right to the token. */
import path from "node:path";
import { type Finding, scanSinks } from "@berth/testkit";
import type { StackOptions } from "../stack/stack-options.ts";
import type { Stack } from "../stack/start-stack.ts";
import { becomeCustomer } from "./become-customer.ts";
import { chatAndApprove, secretName } from "./chat-and-approve.ts";
import { openConsole } from "./customer-console.ts";
import { lookAsStaff } from "./look-as-staff.ts";
import { type Bill, settle } from "./settle.ts";
import type { Customer } from "./sign-up.ts";
import { requireNameInSinks, sinksOf } from "./sinks.ts";
import { StepLog } from "./step-log.ts";
import type { Interlude, Way } from "./way.ts";

/** What `npm run whole-way` prints as its last line. */
export interface WalkResult {
  ok: boolean;
  mode: StackOptions["mode"];
  steps: { name: string; ms: number }[];
  checkoutToActiveMs: number;
  secretsFoundOutside: number;
  serversCreated: number;
  approvalExecutions: number;
  /** Largest difference between what the provider, the Hub and Stripe counted, but for calls that were cut in the middle. */
  meterTokensDelta: number;
}

export interface Walked {
  result: WalkResult;
  customer: Customer;
  findings: Finding[];
  bill: Bill;
}

const nobody: Interlude = async () => undefined;

export async function walk(
  input: { stack: Stack; options: StackOptions; say: (line: string) => void },
  interlude: Interlude = nobody,
): Promise<Walked> {
  const { stack, options, say } = input;
  const way: Way = { ...input, log: new StepLog(say), interlude };
  const { customer, portal, tenant, checkoutToActiveMs } = await becomeCustomer(way);
  const console = await openConsole(options.mode, stack.labDir);
  const { secret, executions } = await chatAndApprove(way, console, portal, tenant);
  const bill = await settle(way, console, portal, tenant);
  await lookAsStaff(way, tenant);
  const sinks = sinksOf(stack, console);
  const { findings, bytesRead } = await way.log.run("look for the secret in every sink", async () => {
    await requireNameInSinks(secretName, sinks);
    return scanSinks(secret, sinks);
  });
  say(`  ${Math.round(bytesRead / 1e6)} MB searched in ${sinks.length} sinks`);
  const serversCreated = (await openConsole(options.mode, stack.labDir)).serverNames.length;
  const { meterTokensDelta } = bill;
  const ok = findings.length === 0 && executions === 1 && serversCreated === 1 && meterTokensDelta === 0;
  const result: WalkResult = {
    ok,
    mode: options.mode,
    steps: way.log.steps,
    checkoutToActiveMs,
    secretsFoundOutside: findings.length,
    serversCreated,
    approvalExecutions: executions,
    meterTokensDelta,
  };
  return { result, customer, findings, bill };
}

/** A folder of its own for each walk, so that it starts from nothing. */
export const walkDir = (root: string): string =>
  path.join(root, ".berth/walks", `${Date.now().toString(36)}-${process.pid}`);
