import { ToolCall } from "@berth/contracts";
import type { AgentClient } from "./agent-client.ts";
import { floorRefusal, harmlessNativeTools } from "./floor.ts";
import type { GatedCalls } from "./gated-calls.ts";
import type { Block, HookContext, ToolCallEvent } from "./openclaw-api.ts";
import { agentOf, originOf } from "./origin.ts";

export interface GateParts {
  agent: AgentClient;
  gated: GatedCalls;
  /** What started the run, if the gateway told. */
  triggerOf: (runId: string | undefined) => string | undefined;
  /** False when the agent has not answered a check-in lately. */
  agentIsThere: () => boolean;
}

const block = (blockReason: string): Block => ({ block: true, blockReason });
const unreachable = "Blocked: the safety gate cannot be reached right now. Nothing was run.";

/** First line, before every other plugin: needs nobody else to refuse what is never allowed. */
export async function evaluateFloor(event: ToolCallEvent): Promise<Block | undefined> {
  const refusal = floorRefusal(event.toolName, event.params);
  return refusal === null ? undefined : block(refusal);
}

/** Asks the agent about one call. Any fault is a block, with nothing of the fault in the model's text. */
export async function gateCall(
  parts: GateParts,
  event: ToolCallEvent,
  context: HookContext,
): Promise<Block | undefined> {
  const refusal = floorRefusal(event.toolName, event.params);
  if (refusal !== null) return block(refusal);
  if (harmlessNativeTools.has(event.toolName)) return parts.agentIsThere() ? undefined : block(unreachable);
  try {
    const call = toolCallOf(parts, event, context);
    const verdict = await parts.agent.gate(call);
    if (verdict.verdict !== "run") return block(verdict.message);
    parts.gated.admit(call);
    return undefined;
  } catch {
    return block(unreachable);
  }
}

/** The session that calls without one belong to: the agent's own main session. */
export const sessionKeyOf = (context: HookContext): string => context.sessionKey ?? `agent:${agentOf(context)}:main`;

function toolCallOf(parts: GateParts, event: ToolCallEvent, context: HookContext): ToolCall {
  const toolCallId = event.toolCallId ?? context.toolCallId ?? "";
  const runId = event.runId ?? context.runId;
  if (toolCallId === "") throw new Error("a call without an id");
  return ToolCall.parse({
    toolCallId,
    tool: event.toolName,
    args: event.params,
    agent: agentOf(context),
    sessionKey: sessionKeyOf(context),
    runId: runId ?? null,
    origin: originOf(context, toolCallId, parts.triggerOf(runId)),
  });
}
