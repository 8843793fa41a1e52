import { BerthTool, toolArguments, toolDescriptions } from "@berth/contracts";
import { z } from "zod";
import type { AgentClient } from "./agent-client.ts";
import { sessionKeyOf } from "./gate.ts";
import type { GatedCalls } from "./gated-calls.ts";
import type { HookContext, ToolDefinition } from "./openclaw-api.ts";

const labels: Record<BerthTool, string> = {
  run_command: "Run a command",
  file: "Work on a file",
  http_request: "Send an HTTP request",
  send_message: "Send a message",
  schedule: "Plan a recurring task",
  delegate: "Hand over a task",
};

/** Providers want an object at the top; the alternatives of a union become one object that names them all. */
function parametersOf(tool: BerthTool): unknown {
  const schema = z.toJSONSchema(toolArguments[tool], { io: "input" });
  const { $schema: _dialect, ...rest } = schema;
  const branches = rest.oneOf ?? rest.anyOf;
  if (branches === undefined) return rest;
  const properties: Record<string, unknown> = {};
  const values: Record<string, unknown[]> = {};
  for (const branch of branches) {
    // Every branch of a discriminated union is an object schema.
    for (const [name, property] of Object.entries(
      (branch as { properties?: Record<string, object> }).properties ?? {},
    )) {
      if ("const" in property) values[name] = [...(values[name] ?? []), property.const];
      else properties[name] = property;
    }
  }
  for (const [name, allowed] of Object.entries(values)) properties[name] = { type: "string", enum: allowed };
  return { type: "object", properties, required: Object.keys(values), additionalProperties: false };
}

/** Berth's six tools; each run goes to the agent, which decides again before it acts. */
export function berthTools(parts: {
  agent: AgentClient;
  gated: GatedCalls;
}): { name: BerthTool; define: (context: HookContext) => ToolDefinition }[] {
  return BerthTool.options.map((name) => {
    const parameters = parametersOf(name);
    return {
      name,
      define: (context) => ({
        name,
        label: labels[name],
        description: toolDescriptions[name],
        parameters,
        async execute(toolCallId, params, signal) {
          const call = parts.gated.take(sessionKeyOf(context), toolCallId, name, params);
          if (call === null) throw new Error("Blocked: this call did not pass the safety gate. Nothing was run.");
          const result = await parts.agent.execute(call, signal).catch(() => null);
          if (result === null) throw new Error("Blocked: the executor cannot be reached right now.");
          return { content: [{ type: "text", text: result.text }], details: { ok: result.ok } };
        },
      }),
    };
  });
}
