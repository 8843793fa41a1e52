import { isDeepStrictEqual } from "node:util";
import type { ToolCall } from "@berth/contracts";

const limit = 1000;

/** Calls that the gate let through and that have not run yet. A call that is not here does not run. */
export interface GatedCalls {
  admit(call: ToolCall): void;
  /** Takes the call out; null when the gate never let exactly this one through. */
  take(sessionKey: string, toolCallId: string, tool: string, args: unknown): ToolCall | null;
}

export function createGatedCalls(): GatedCalls {
  const calls = new Map<string, ToolCall>();
  const keyOf = (sessionKey: string, toolCallId: string) => JSON.stringify([sessionKey, toolCallId]);
  return {
    admit(call) {
      calls.set(keyOf(call.sessionKey, call.toolCallId), call);
      const oldest = calls.keys().next().value;
      if (calls.size > limit && oldest !== undefined) calls.delete(oldest);
    },
    take(sessionKey, toolCallId, tool, args) {
      const key = keyOf(sessionKey, toolCallId);
      const call = calls.get(key);
      calls.delete(key);
      return call !== undefined && call.tool === tool && isDeepStrictEqual(call.args, args) ? call : null;
    },
  };
}
