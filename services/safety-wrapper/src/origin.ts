import type { CallOrigin } from "@berth/contracts";
import type { HookContext } from "./openclaw-api.ts";

/** Prefix of tool call ids that OpenClaw gives to `POST /tools/invoke`: the agent's self-test comes that way. */
const directInvocation = /^http-direct/;

/** Who or what started the turn, as far as the gateway tells. `trigger` is what the run's prompt hook saw. */
export function originOf(context: HookContext, toolCallId: string, trigger: string | undefined): CallOrigin {
  const key = context.sessionKey ?? "";
  if (directInvocation.test(toolCallId)) return "probe";
  if (/^agent:[^:]+:cron:/.test(key) || trigger === "cron") return "cron";
  if (/:heartbeat(?::|$)/.test(key) || trigger === "heartbeat") return "heartbeat";
  if (/:subagent:/.test(key)) return "sub_agent";
  const channel = context.requester?.channel;
  if (channel !== undefined && channel !== "webchat" && channel !== "internal") return "channel";
  if (/^agent:[^:]+:(?:main|explicit:.+|dashboard.*|berth.*)$/.test(key)) return "person";
  return trigger === "user" ? "person" : "unknown";
}

/** `agent:<name>:…` */
export function agentOf(context: HookContext): string {
  return context.agentId ?? /^agent:([^:]+):/.exec(context.sessionKey ?? "")?.[1] ?? "main";
}

/** Remembers what started a run, from the hook that is told to the hook that needs it. */
export function createTriggerMemory(limit = 500): {
  note(context: HookContext): void;
  of(runId: string | undefined): string | undefined;
} {
  const triggers = new Map<string, string>();
  return {
    note({ runId, trigger }) {
      if (runId === undefined || trigger === undefined) return;
      triggers.delete(runId);
      triggers.set(runId, trigger);
      const oldest = triggers.keys().next().value;
      if (triggers.size > limit && oldest !== undefined) triggers.delete(oldest);
    },
    of: (runId) => (runId === undefined ? undefined : triggers.get(runId)),
  };
}
