import { type BerthTool, type ExecuteResult, type ToolCall, toolArguments } from "@berth/contracts";
import { appErrorOf, fail, type Logger, reveal } from "@berth/platform";
import type { Dispatcher } from "undici";
import type { JudgedCall } from "../gate/judge-call.ts";
import type { SecretRegistry } from "../gate/secret-registry.ts";
import { unboundUses } from "../references/bindings.ts";
import { fileTool } from "./file.ts";
import { createDelegate, type GatewayToolDeps, schedule, sendMessage } from "./gateway-tools.ts";
import { httpRequest } from "./http-request.ts";
import { type RunJob, runCommand } from "./run-command.ts";
import type { ToolOutcome, UseSecret } from "./tool-run.ts";

const maxTextBytes = 100_000;

export interface ExecutorInput extends GatewayToolDeps {
  workspaceDir: string;
  runJob: RunJob;
  proxy: Dispatcher;
  secrets: Pick<SecretRegistry, "find" | "use" | "redact" | "redactPartial">;
  log: Logger;
}

/** A call that was judged. `allowed`: by the policy, or by a person who saw this very call. */
export interface AllowedCall extends JudgedCall, Pick<ToolCall, "sessionKey"> {
  allowedBy: "policy" | "person";
}
export type Execute = (tool: BerthTool, call: AllowedCall) => Promise<ExecuteResult>;

/** The only place that acts. Whatever a tool says is redacted first and cut second, so that no cut leaves half a secret. */
export function createExecutor(input: ExecutorInput): Execute {
  const delegate = createDelegate(input);

  /** A person may allow a use outside the bindings; the policy may not. */
  const secretUser = (call: AllowedCall): UseSecret => {
    const unbound = call.allowedBy === "person" ? [] : unboundUses(call, input.secrets.find);
    return (name, purpose) => {
      const outside = unbound.find((use) => use.name === name);
      return outside ? fail("forbidden", outside.reason) : reveal(input.secrets.use(name, purpose));
    };
  };

  async function run(tool: BerthTool, call: AllowedCall): Promise<ToolOutcome> {
    const common = { call, useSecret: secretUser(call), redactCut: input.secrets.redactPartial };
    switch (tool) {
      case "run_command":
        return runCommand(input, { ...common, args: toolArguments.run_command.parse(call.args) });
      case "file":
        return fileTool(input, { ...common, args: toolArguments.file.parse(call.args) });
      case "http_request":
        return httpRequest(input, { ...common, args: toolArguments.http_request.parse(call.args) });
      case "send_message":
        return sendMessage(input, { ...common, args: toolArguments.send_message.parse(call.args) });
      case "schedule":
        return schedule(input, { ...common, args: toolArguments.schedule.parse(call.args) });
      case "delegate":
        return delegate({ ...common, args: toolArguments.delegate.parse(call.args) });
    }
  }

  return async (tool, call) => {
    const outcome = await run(tool, call).catch((thrown): ToolOutcome => {
      const error = appErrorOf(thrown);
      // Not the error itself: libraries quote what they were given, and that can be a secret.
      if (error.code === "internal")
        input.log.error({ tool, reason: input.secrets.redact(error.message) }, "tool failed");
      return { ok: false, text: error.publicMessage };
    });
    return { ok: outcome.ok, text: cap(input.secrets.redact(outcome.text)) };
  };
}

function cap(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxTextBytes) return text;
  return `${bytes.subarray(0, maxTextBytes).toString("utf8").replace(/�+$/, "")}\n(cut: ${bytes.length} bytes in all)`;
}
