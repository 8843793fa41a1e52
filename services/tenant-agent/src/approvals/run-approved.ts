import type { Execute } from "../executor/create-executor.ts";
import { type JudgeDeps, judgeCall } from "../gate/judge-call.ts";
import type { ParkedCall } from "./approval-store.ts";
import { type SettleDeps, settleExecution } from "./settle-approval.ts";

export interface RunApprovedDeps extends SettleDeps {
  judge: JudgeDeps;
  execute: Execute;
  /** After something was put into the outbox. */
  onSettled: () => void;
}

/**
 * What was running when the agent died may have happened, so it is never run again: it is reported as failed. To be called
 * once, before anything else runs.
 */
export function failInterrupted(running: RunApprovedDeps): void {
  for (const call of running.store.withExecution("executing")) {
    settleExecution(running, call, { execution: "failed", text: "interrupted", interrupted: true });
  }
}

/** Runs approved calls, one after the other, each once. While tools are off they stay queued. */
export function createApprovedRunner(running: RunApprovedDeps) {
  const { store, deps } = running;
  let busy: Promise<void> | null = null;

  /** Null for a call that cannot be read or judged: it must fail by itself and not hold up those behind it. */
  function judgeStored({ id, tool, agent, origin }: ParkedCall) {
    try {
      const args = store.argumentsOf(id);
      return { args, judgement: judgeCall(running.judge, { tool, args, agent, origin }) };
    } catch {
      return null;
    }
  }

  async function runOne(call: ParkedCall): Promise<void> {
    const fails = (text: string) => settleExecution(running, call, { execution: "failed", text });
    if ((call.grantExpiresAt ?? 0) <= deps.clock.now())
      return fails("The approval ran out before it could be carried out.");
    const { tool, agent, origin, sessionKey } = call;
    const judged = judgeStored(call);
    if (judged === null) return fails("Its stored arguments cannot be used; nothing ran.");
    const { args, judgement } = judged;
    if (judgement.verdict === "refuse") return fails(judgement.message);
    // From here on it counts as run, whatever happens.
    store.moveExecution(call.id, "executing");
    const { ok, text } = await running.execute(judgement.tool, {
      tool,
      args,
      agent,
      origin,
      sessionKey,
      allowedBy: "person",
    });
    settleExecution(running, call, { execution: ok ? "succeeded" : "failed", text });
  }

  async function drain(): Promise<void> {
    for (;;) {
      const next = running.judge.toolsOff() === null ? store.withExecution("queued")[0] : undefined;
      if (!next) return;
      await runOne(next);
      running.onSettled();
    }
  }

  return {
    /** Runs what waits; a call while one is under way joins it and looks again at its end. */
    drain(): Promise<void> {
      const after = (busy ?? Promise.resolve()).then(drain);
      const settled = after.finally(() => {
        if (busy === settled) busy = null;
      });
      busy = settled;
      return settled;
    },
  };
}
