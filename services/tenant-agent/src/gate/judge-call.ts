import {
  type BerthTool,
  BerthTool as BerthToolSchema,
  type PolicyBundle,
  type ToolArguments,
  type ToolCall,
  toolArguments,
} from "@berth/contracts";
import { fieldErrorsOf } from "@berth/platform";
import { type Classification, classify, decide, gateProbeCommand, gateProbeRefusal, worstOf } from "@berth/policy";
import { unboundUses } from "../references/bindings.ts";
import { referenceProblem } from "../references/reference-problem.ts";
import { mayDoMore, rulesOf } from "./agent-rules.ts";
import type { ProbeCalls } from "./probe-calls.ts";
import type { SecretRegistry } from "./secret-registry.ts";

/** What the agent's own copy of the policy says to a call. `message` is what the model reads. */
export type Judgement =
  | { verdict: "run"; tool: BerthTool }
  | { verdict: "ask"; tool: BerthTool; classification: Classification }
  | { verdict: "refuse"; message: string };

export type JudgedCall = Pick<ToolCall, "tool" | "args" | "agent" | "origin">;

export interface JudgeDeps {
  policy: () => PolicyBundle | null;
  workspaceDir: string;
  secrets: Pick<SecretRegistry, "find" | "names">;
  probes: ProbeCalls;
  toolsOff: () => string | null;
}

const refuse = (message: string): Judgement => ({ verdict: "refuse", message });

/** Pure but for what it reads: asked at the gate and again right before execution. */
export function judgeCall({ policy, secrets, probes, toolsOff, workspaceDir }: JudgeDeps, call: JudgedCall): Judgement {
  const tool = BerthToolSchema.safeParse(call.tool);
  if (!tool.success) return refuse(`There is no tool named "${call.tool.slice(0, 100)}".`);
  const args = toolArguments[tool.data].safeParse(call.args);
  if (!args.success) {
    const problems = fieldErrorsOf(args.error).map(({ path, message }) => `${path}: ${message}`);
    return refuse(`The arguments of ${tool.data} are not valid. ${problems.join("; ")}`);
  }
  if (tool.data === "run_command" && probes.isTwin(call.args.command)) return { verdict: "run", tool: tool.data };
  const classification = classify({
    tool: tool.data,
    args: call.args,
    agent: call.agent,
    origin: call.origin,
    workspaceDir,
  });
  if (classification.forbidden) return refuse(forbiddenText(classification, call.args));
  const off = toolsOff();
  if (off !== null) return refuse(`Tools are switched off: ${off}.`);
  const bundle = policy();
  if (!bundle) return refuse("Tools are switched off: this server has no policy yet.");
  const problem = referenceProblem(tool.data, call.args, secrets);
  if (problem) return refuse(problem);
  const bound = withBindings(classification, call, secrets);
  return weigh({ tool: tool.data, call, bundle, classification: withDelegation(bound, call, bundle) });
}

function weigh(input: {
  tool: BerthTool;
  call: JudgedCall;
  bundle: PolicyBundle;
  classification: Classification;
}): Judgement {
  const { tool, call, bundle, classification } = input;
  const decision = decide({ classification, policy: bundle, agent: call.agent });
  if (bundle.toolsOff) return refuse("Tools are switched off for this server by the operator.");
  if (!rulesOf(bundle, call.agent)?.tools.includes(tool))
    return refuse(`The agent "${call.agent}" may not use ${tool}.`);
  if (decision === "run") return { verdict: "run", tool };
  if (decision === "ask") return { verdict: "ask", tool, classification };
  return refuse(`Refused by the policy of this server: ${classification.reason}`);
}

/** The compiled-in refusals. The self-test knows its own by the nonce that is repeated. */
function forbiddenText(classification: Classification, args: ToolArguments): string {
  const isProbe = typeof args.command === "string" && args.command.trimStart().startsWith(gateProbeCommand);
  return isProbe ? gateProbeRefusal(args.command) : `Refused, always: ${classification.reason}`;
}

function withBindings(classification: Classification, call: JudgedCall, secrets: JudgeDeps["secrets"]): Classification {
  const unbound = unboundUses(call, secrets.find);
  if (unbound.length === 0) return classification;
  return {
    ...classification,
    actClass: "critical_red",
    rules: ["secret.outside_binding", ...classification.rules],
    reason: [...unbound.map(({ reason }) => reason), classification.reason].join(" ").slice(0, 2000),
    blastRadius: `Whoever receives the secret can act with it. ${classification.blastRadius}`.slice(0, 2000),
    reversible: false,
  };
}

/** A task for an agent that has to ask less would be a way around asking. */
function withDelegation(classification: Classification, call: JudgedCall, bundle: PolicyBundle): Classification {
  const to = call.tool === "delegate" ? call.args.agent : undefined;
  if (typeof to !== "string" || to === call.agent) return classification;
  const [own, other] = [rulesOf(bundle, call.agent), rulesOf(bundle, to)];
  if (own === null || other === null || !mayDoMore(other, own)) return classification;
  return {
    ...classification,
    actClass: worstOf([classification.actClass, "red"]),
    rules: [...classification.rules, "delegate.freer_agent"],
    reason: `It hands the task to "${to}", which may do more without asking. ${classification.reason}`,
    reversible: false,
  };
}
