"use client";

import { hubProblemOf } from "@berth/api-client";
import type { Approval } from "@berth/contracts";
import { useState } from "react";
import { decideApproval } from "../hub-api/portal-calls.ts";
import { leftForSignIn } from "../hub-api/use-read.ts";
import { usePendingApprovals } from "./approvals-provider.tsx";
import { type DecisionProblem, decisionProblem } from "./decision-problem.ts";

type Word = "approved" | "denied";

const said: Record<Word, { word: string; text: string }> = {
  approved: { word: "Approved", text: "It runs once now. Your agent tells you in the chat how it went." },
  denied: { word: "Denied", text: "It does not run. Your agent has been told." },
};

/** Says yes or no to the Hub, once. How it went outlives the card: when somebody else was first, it says who. */
export function useDecision(approval: Pick<Approval, "id">, what: string) {
  const { addNote, reload } = usePendingApprovals();
  const [busy, setBusy] = useState<Word | null>(null);
  const [problem, setProblem] = useState<DecisionProblem | null>(null);
  async function decide(decision: Word, note: string): Promise<void> {
    setBusy(decision);
    setProblem(null);
    try {
      const words = note.trim();
      await decideApproval(approval.id, { decision, ...(words ? { note: words } : {}) });
      const { word, text } = said[decision];
      addNote({ id: approval.id, tone: "good", title: `${word}: ${what}`, text });
      reload();
    } catch (thrown) {
      const found = hubProblemOf(thrown);
      if (leftForSignIn(found)) return;
      const { final, ...told } = decisionProblem(found);
      if (final) {
        addNote({ id: approval.id, tone: "warn", ...told });
        reload();
      } else setProblem({ final, ...told });
    } finally {
      setBusy(null);
    }
  }
  return { busy, problem, decide };
}
