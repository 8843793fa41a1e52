import { type ExecuteResult, type GateVerdict, RedactInput, ToolCall, WrapperCheckIn } from "@berth/contracts";
import type { Execute } from "../executor/create-executor.ts";
import { type JudgeDeps, judgeCall } from "../gate/judge-call.ts";
import { type ParkDeps, parkCall } from "../gate/park-call.ts";
import type { UsageCrossCheck } from "../hub/cross-check-usage.ts";
import type { WrapperPresence } from "../self-test/wrapper-presence.ts";
import { type AnyRoute, route } from "./serve-socket.ts";

export interface WrapperApiDeps {
  judge: JudgeDeps;
  parking: ParkDeps;
  execute: Execute;
  presence: WrapperPresence;
  crossCheck: UsageCrossCheck;
  redact: (text: string) => string;
  /** After something was put into the outbox. */
  onParked: () => void;
}

/** What the policy says to a call; a call that needs a person is parked on the spot. */
function gate(deps: WrapperApiDeps, call: ToolCall): GateVerdict {
  const judgement = judgeCall(deps.judge, call);
  if (judgement.verdict === "run") return { verdict: "run" };
  if (judgement.verdict === "refuse") return { verdict: "refused", message: deps.redact(judgement.message) };
  const limits = deps.judge.policy()?.approvals;
  if (!limits) return { verdict: "refused", message: "Tools are switched off: this server has no policy yet." };
  const verdict = parkCall(deps.parking, call, judgement.classification, limits);
  deps.onParked();
  return verdict;
}

/** Asked by the gateway's plugin, which may be broken or gone: nothing here takes its word for a verdict. */
export const wrapperRoutes = (deps: WrapperApiDeps): Record<string, AnyRoute> => ({
  "POST /v1/check-in": route(WrapperCheckIn, (checkIn) => {
    deps.presence.note(checkIn);
    deps.crossCheck.add(checkIn.usage);
  }),
  "POST /v1/gate": route(ToolCall, (call): GateVerdict => gate(deps, call)),
  "POST /v1/execute": route(ToolCall, async (call): Promise<ExecuteResult> => {
    deps.judge.probes.noteExecution(call.args.command);
    const judgement = judgeCall(deps.judge, call);
    if (judgement.verdict === "run") return deps.execute(judgement.tool, { ...call, allowedBy: "policy" });
    const verdict = gate(deps, call);
    return { ok: false, text: verdict.verdict === "run" ? "The policy changed; try again." : verdict.message };
  }),
  "POST /v1/redact": route(RedactInput, ({ texts }) => ({ texts: texts.map(deps.redact) })),
});
