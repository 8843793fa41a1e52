import { type ActClass, BerthTool, type CallOrigin, toolArguments } from "@berth/contracts";
import { worstOf } from "./act-class.ts";
import { defaultWorkspace, type Place, pathFindings, resolvePath } from "./paths.ts";
import type { Rule } from "./rule.ts";
import { ruleById } from "./rules/index.ts";
import { findSecretRefs } from "./secret-refs.ts";
import { examineScript } from "./shell/examine-script.ts";
import { literalArg } from "./shell/invocation.ts";
import { fileFindings } from "./tools/file.ts";
import { httpFindings } from "./tools/http-request.ts";

export interface ClassifiableCall {
  tool: string;
  args: unknown;
  agent: string;
  origin: CallOrigin;
  /** Absolute path of the workspace; `/workspace` if absent. */
  workspaceDir?: string;
}

/** What kind of act a call is, and what a person should know before allowing it. */
export interface Classification {
  tool: string;
  /** The channel of `send_message`; null for everything else. */
  channel: string | null;
  actClass: ActClass;
  /** Ids of the rules that fired, the worst first. */
  rules: string[];
  reason: string;
  blastRadius: string;
  reversible: boolean;
  /** Something leaves the server or a person outside can see it; asks in every tier. */
  external: boolean;
  secretNames: string[];
  /** Never runs and is never put before a person. */
  forbidden: boolean;
}

/** Judges a tool call before anything runs. Pure and deterministic; never throws: what it cannot judge is Red. */
export function classify(call: ClassifiableCall): Classification {
  try {
    return classificationOf(call, findingsOf(call));
  } catch {
    return classificationOf({ ...call, args: {} }, ["engine.fault"]);
  }
}

/** Control and format characters, the ones that reorder text among them; line breaks and tabs are fine. */
const invisible = /[^\P{C}\n\t\r]|\p{Zl}|\p{Zp}/u;

function findingsOf({ tool, args, workspaceDir = defaultWorkspace }: ClassifiableCall): string[] {
  const known = BerthTool.safeParse(tool);
  if (!known.success) return ["tool.unknown"];
  const ids = new Set<string>();
  const secrets = findSecretRefs(args);
  if (secrets.names.length > 0) ids.add("secret.used");
  if (secrets.malformed.length > 0) ids.add("secret.malformed");
  const place = { workspace: workspaceDir, cwd: workspaceDir };
  for (const id of toolFindings(known.data, args, place)) ids.add(id);
  return [...ids];
}

function toolFindings(tool: BerthTool, args: unknown, place: Place): Iterable<string> {
  switch (tool) {
    case "run_command": {
      const parsed = toolArguments.run_command.safeParse(args);
      if (!parsed.success) return ["tool.arguments"];
      // Redaction knows the common spellings of a value; a pipe through `rev` makes one that it does not.
      const takesSecret = findSecretRefs(args).names.length > 0;
      return [...(takesSecret ? ["secret.in-command"] : []), ...commandFindings(parsed.data, place)];
    }
    case "file": {
      const parsed = toolArguments.file.safeParse(args);
      return parsed.success ? fileFindings(parsed.data, place) : ["tool.arguments"];
    }
    case "http_request": {
      const parsed = toolArguments.http_request.safeParse(args);
      return parsed.success ? httpFindings(parsed.data) : ["tool.arguments"];
    }
    case "send_message": {
      const parsed = toolArguments.send_message.safeParse(args);
      if (!parsed.success) return ["tool.arguments"];
      return findSecretRefs(args).names.length > 0 ? ["message.send", "secret.told"] : ["message.send"];
    }
    case "schedule": {
      const parsed = toolArguments.schedule.safeParse(args);
      return parsed.success ? [`schedule.${parsed.data.op}`] : ["tool.arguments"];
    }
    case "delegate":
      return toolArguments.delegate.safeParse(args).success ? ["delegate.task"] : ["tool.arguments"];
  }
}

function commandFindings({ command, cwd }: { command: string; cwd?: string | undefined }, place: Place): Set<string> {
  const findings = new Set<string>();
  if (invisible.test(command)) findings.add("shell.hidden-text");
  if (cwd !== undefined) for (const id of pathFindings(literalArg(cwd), "write", place, false)) findings.add(id);
  const within = { ...place, cwd: resolvePath(place.workspace, cwd ?? ".") };
  examineScript(command, { place: within, findings, functions: new Set(), texts: new Set(), depth: 0 });
  if (findings.size === 0) findings.add("shell.plain");
  return findings;
}

const fault: Rule = ruleById.get("engine.fault")!;

function classificationOf({ tool, args }: ClassifiableCall, ids: readonly string[]): Classification {
  const fired = ids.map((id) => ruleById.get(id) ?? fault);
  const actClass = worstOf(fired.map((rule) => rule.actClass));
  const worst = fired.filter((rule) => rule.actClass === actClass);
  const channel =
    tool === "send_message" && typeof args === "object" && args !== null && "channel" in args ? args.channel : null;
  return {
    tool,
    channel: typeof channel === "string" ? channel : null,
    actClass,
    rules: [...new Set([...worst, ...fired].map((rule) => rule.id))],
    reason: [...new Set(worst.map((rule) => rule.description))].join(" ").slice(0, 2000),
    blastRadius: [...new Set(worst.map((rule) => rule.blastRadius))].join(" ").slice(0, 2000),
    reversible: fired.every((rule) => rule.reversible),
    external: fired.some((rule) => rule.external === true),
    secretNames: findSecretRefs(args).names,
    forbidden: fired.some((rule) => rule.forbidden === true),
  };
}
