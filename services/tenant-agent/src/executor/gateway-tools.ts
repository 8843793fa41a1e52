import type { DelegateArgs, PolicyBundle, ScheduleArgs, SendMessageArgs } from "@berth/contracts";
import { fail, type Ids } from "@berth/platform";
import { findSecretRefs } from "@berth/policy";
import { z } from "zod";
import { rulesOf } from "../gate/agent-rules.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import { GatewayCronJob, GatewayCronJobs, GatewayRun, GatewayRunResult } from "../gateway/gateway-frames.ts";
import { isSubAgentSession, subAgentSession } from "../gateway/sessions.ts";
import type { ToolOutcome, ToolRunInput } from "./tool-run.ts";

export interface GatewayToolDeps {
  gateway: Pick<GatewayClient, "call">;
  ids: Ids;
  policy: () => PolicyBundle | null;
}

/** Sends a message to a person through one of the gateway's channels. */
export async function sendMessage(
  { gateway, ids }: GatewayToolDeps,
  { args }: ToolRunInput<z.infer<typeof SendMessageArgs>>,
): Promise<ToolOutcome> {
  if (findSecretRefs(args).names.length > 0) fail("forbidden", "A message to a person cannot carry a secret.");
  const params = { channel: args.channel, to: args.to, message: args.text, idempotencyKey: ids.next("msg") };
  await gateway.call("send", params, z.unknown());
  return { ok: true, text: `Sent to ${args.to} on ${args.channel}.` };
}

/** Tells the tool's own jobs from those that the gateway keeps for itself. */
const jobPrefix = "berth: ";

/** Recurring tasks of the agent: each run is a turn of its own, apart from the chat. */
export async function schedule(
  { gateway }: GatewayToolDeps,
  { args, call }: ToolRunInput<z.infer<typeof ScheduleArgs>>,
): Promise<ToolOutcome> {
  const ownJobs = async () =>
    (await gateway.call("cron.list", { includeDisabled: true }, GatewayCronJobs)).jobs.filter(({ name }) =>
      name.startsWith(jobPrefix),
    );
  if (args.op === "list") {
    const lines = (await ownJobs()).map(
      (job) => `${job.id}  ${job.schedule.expr ?? job.schedule.kind}  ${job.name.slice(jobPrefix.length)}`,
    );
    return { ok: true, text: lines.join("\n") || "(nothing is scheduled)" };
  }
  if (args.op === "remove") {
    if (!(await ownJobs()).some(({ id }) => id === args.id)) return { ok: false, text: `There is no task ${args.id}.` };
    await gateway.call("cron.remove", { id: args.id }, z.unknown());
    return { ok: true, text: `Removed ${args.id}.` };
  }
  const job = {
    name: jobPrefix + args.name,
    agentId: call.agent,
    schedule: { kind: "cron", expr: args.cron, tz: "UTC" },
    sessionTarget: "isolated",
    wakeMode: "now",
    payload: { kind: "agentTurn", message: args.task },
    delivery: { mode: "none" },
  };
  const { id } = await gateway.call("cron.add", job, GatewayCronJob);
  return { ok: true, text: `Scheduled as ${id}: ${args.cron} (UTC).` };
}

const delegateTimeoutMs = 240_000;
const maxRunning = 3;

/** Gives tasks to sub-agents, a few at a time; a sub-agent has none of its own. */
export function createDelegate({ gateway, ids, policy }: GatewayToolDeps) {
  let running = 0;
  return async ({ args, call }: ToolRunInput<z.infer<typeof DelegateArgs>>): Promise<ToolOutcome> => {
    if (call.origin === "sub_agent" || isSubAgentSession(call.sessionKey)) {
      fail("forbidden", "A sub-agent cannot delegate further.");
    }
    const agent = args.agent ?? call.agent;
    if (rulesOf(policy(), agent) === null) fail("invalid_input", `There is no agent named "${agent}".`);
    if (running >= maxRunning) fail("rate_limited", `${maxRunning} sub-agents are at work already.`);
    running += 1;
    try {
      const key = ids.next("run");
      const params = { sessionKey: subAgentSession(agent, key), message: args.task, idempotencyKey: key };
      const { runId } = await gateway.call("agent", params, GatewayRun);
      const wait = { runId, timeoutMs: delegateTimeoutMs };
      const result = await gateway.call("agent.wait", wait, GatewayRunResult, delegateTimeoutMs + 10_000);
      const text = result.terminalReply?.text ?? `The sub-agent ended without an answer (${result.status}).`;
      return { ok: result.status === "ok", text };
    } finally {
      running -= 1;
    }
  };
}
