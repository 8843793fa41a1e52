import { ApprovalDecision, type ExecutionState } from "@berth/contracts";
import { fail, isoOf, parseOrFail } from "@berth/platform";
import type { AgentDeps } from "../deps.ts";
import type { WakeMessage } from "../gateway/deliver-wake.ts";
import { mainSessionOf, wakePrefix } from "../gateway/sessions.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import type { Outbox } from "../ledger/outbox.ts";
import type { ApprovalStore, ParkedCall } from "./approval-store.ts";
import { wakeTexts } from "./wake-texts.ts";

export interface SettleDeps {
  ledger: Ledger;
  store: ApprovalStore;
  outbox: Outbox;
  tenantId: string;
  redact: (text: string) => string;
  deps: Pick<AgentDeps, "clock">;
}

function putWake({ outbox, redact }: SettleDeps, call: ParkedCall, outcome: string, message: string): void {
  const wake: WakeMessage = {
    sessionKey: call.sessionKey,
    fallbackSessionKey: mainSessionOf(call.agent),
    message: redact(message),
    idempotencyKey: `${wakePrefix}${call.id}-${outcome}`,
  };
  outbox.put("gateway", "/wake", wake);
}

/**
 * Takes a verified decision of the Hub. Throws, and changes nothing, unless it is for this tenant, this call with these
 * very arguments, in time, and its nonce was never seen. Only the outcome `approved` can make anything run.
 */
export function takeDecision(settling: SettleDeps, payload: unknown): void {
  const { ledger, store, tenantId, deps } = settling;
  const decision = parseOrFail(ApprovalDecision, payload, "decision");
  if (decision.tenantId !== tenantId) fail("forbidden", "The decision is for another tenant.");
  if (decision.outcome === "approved" && new Date(decision.expiresAt).getTime() <= deps.clock.now()) {
    fail("gone", "The grant has run out.");
  }
  ledger.inTransaction(() => {
    const call = store.get(decision.approvalId);
    // Both sides keep the time: the Hub says `expired` of what has expired here.
    if (call.state === decision.outcome && decision.outcome !== "approved") return;
    if (call.argumentsSha256 !== decision.argumentsSha256) fail("forbidden", "The decision is on other arguments.");
    if (call.state === "pending" && call.expiresAt <= deps.clock.now() && decision.outcome !== "expired") {
      fail("gone", "The request had expired before the decision arrived.");
    }
    if (!store.useNonce(decision.nonce)) fail("conflict", "The decision was taken before.");
    store.close(call.id, decision.outcome, decision.note);
    const decided = store.get(call.id);
    if (decision.outcome === "approved") store.queue(call.id, new Date(decision.expiresAt).getTime());
    else putWake(settling, decided, decision.outcome, wakeTexts[decision.outcome](decided));
  });
}

/** Closes what nobody decided on in time, by this machine's own clock. */
export function expireOverdue(settling: SettleDeps): number {
  const { ledger, store, outbox, deps } = settling;
  return ledger.inTransaction(() => {
    const overdue = store.overdue();
    for (const call of overdue) {
      store.close(call.id, "expired");
      const outcome = { kind: "closed", state: "expired", closedAt: isoOf(deps.clock.now()) };
      outbox.put("hub", `/approvals/${call.id}/outcome`, outcome);
      putWake(settling, call, "expired", wakeTexts.expired(call));
    }
    return overdue.length;
  });
}

/** How an approved call ended here; told to the Hub and to the session in one transaction with the journal. */
export function settleExecution(
  settling: SettleDeps,
  call: ParkedCall,
  ending: { execution: ExecutionState; text: string; interrupted?: boolean },
): void {
  const { ledger, store, outbox, deps } = settling;
  ledger.inTransaction(() => {
    store.moveExecution(call.id, ending.execution);
    const outcome = { kind: "executed", execution: ending.execution, executedAt: isoOf(deps.clock.now()) };
    outbox.put("hub", `/approvals/${call.id}/outcome`, outcome);
    const text = ending.interrupted ? wakeTexts.interrupted(call) : wakeTexts[ending.execution](call, ending.text);
    putWake(settling, call, ending.interrupted ? "interrupted" : ending.execution, text);
  });
}
