import type { BerthTool, ToolArguments } from "@berth/contracts";
import { toolArguments } from "@berth/contracts";
import { appErrorOf } from "@berth/platform";
import { findSecretRefs } from "@berth/policy";
import { knownNames } from "./known-names.ts";
import { planRequest } from "./plan-request.ts";
import { injectSecrets } from "./shell/inject-secrets.ts";

/**
 * Why a call cannot be carried out because of its references, in words for the model with the way out; null if it can.
 * Asked at the gate, so that nobody is asked to allow what would then fail.
 */
export function referenceProblem(
  tool: BerthTool,
  args: ToolArguments,
  secrets: { find(name: string): unknown; names(): string[] },
): string | null {
  const { names, malformed } = findSecretRefs(args);
  const [miss] = malformed;
  if (miss !== undefined) {
    const known = knownNames(secrets.names(), miss);
    return `"${miss}" is not a secret reference; write SECRET_REF(name) with a name such as api_key, and nothing else in the brackets. ${known}`;
  }
  const unknown = names.find((name) => secrets.find(name) === null);
  if (unknown !== undefined)
    return `There is no secret for SECRET_REF(${unknown}). ${knownNames(secrets.names(), unknown)}`;
  return placeProblem(tool, args);
}

function placeProblem(tool: BerthTool, args: ToolArguments): string | null {
  const elsewhere = (...fields: string[]): string | null => {
    const [name] = fields.flatMap((field) => findSecretRefs(args[field] ?? null).names);
    return name === undefined
      ? null
      : `SECRET_REF(${name}) cannot be the name of a file or folder: anybody can list those.`;
  };
  switch (tool) {
    case "run_command":
      return elsewhere("cwd") ?? said(() => injectSecrets(toolArguments.run_command.parse(args).command, "0"));
    case "file":
      return elsewhere("path", "to");
    case "http_request":
      return said(() => planRequest(toolArguments.http_request.parse(args)));
    case "send_message":
      return messageProblem(args);
    case "schedule":
    case "delegate":
      return null;
  }
}

function messageProblem(args: ToolArguments): string | null {
  const [name] = findSecretRefs(args).names;
  return name === undefined
    ? null
    : `SECRET_REF(${name}) cannot be part of a message: a message passes through the gateway and its channel, which hold no secrets. Tell the person where to look it up.`;
}

/** What a check refuses, in its own words. */
function said(check: () => unknown): string | null {
  try {
    check();
    return null;
  } catch (error) {
    return appErrorOf(error).publicMessage;
  }
}
