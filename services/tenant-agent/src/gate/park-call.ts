import type { ApprovalRequest, GateVerdict, PolicyBundle, ToolCall } from "@berth/contracts";
import { argumentsSha256, isoOf } from "@berth/platform";
import type { Classification } from "@berth/policy";
import type { ApprovalStore } from "../approvals/approval-store.ts";
import type { AgentDeps } from "../deps.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import type { Outbox } from "../ledger/outbox.ts";
import type { SecretRegistry } from "./secret-registry.ts";

export interface ParkDeps {
  ledger: Ledger;
  store: ApprovalStore;
  outbox: Outbox;
  secrets: Pick<SecretRegistry, "redact" | "redactJson">;
  deps: Pick<AgentDeps, "clock" | "ids">;
}

/** Over all sessions: each sub-agent and each scheduled run has one of its own. */
const maxOpen = 50;
/** The Hub takes bodies up to 1 MB; what it refuses nobody would ever decide on. */
const maxRequestBytes = 700_000;

const parkedText = (id: string): string =>
  `Parked as ${id}: waiting for the customer's approval. Do not retry and do not depend on it; you will be told the outcome.`;

/** Tells the Hub that this machine closed an approval itself. */
export function reportClosed(
  { outbox, deps }: Pick<ParkDeps, "outbox" | "deps">,
  id: string,
  state: "expired" | "superseded",
): void {
  outbox.put("hub", `/approvals/${id}/outcome`, { kind: "closed", state, closedAt: isoOf(deps.clock.now()) });
}

/**
 * Stores the exact arguments and asks the customer through the Hub. The same call again gets the same id; newer arguments
 * for the same session and tool supersede the older ones; too many open ones in a session are refused.
 */
export function parkCall(
  parking: ParkDeps,
  call: ToolCall,
  classification: Classification,
  limits: PolicyBundle["approvals"],
): GateVerdict {
  const { ledger, store, deps } = parking;
  return ledger.inTransaction(() => {
    const sha256 = argumentsSha256(call.args);
    const open = store.openInSession(call.sessionKey).filter(({ expiresAt }) => expiresAt > deps.clock.now());
    const same = open.find(({ tool, argumentsSha256: hash }) => tool === call.tool && hash === sha256);
    if (same) return { verdict: "parked", approvalId: same.id, message: parkedText(same.id) };
    const older = open.filter(({ tool }) => tool === call.tool);
    if (open.length - older.length >= limits.maxOpenPerSession) {
      const message = `Refused: ${open.length} calls of this session wait for the customer already. Wait for their outcome.`;
      return { verdict: "refused", message };
    }
    if (older.length === 0 && store.countOpen() >= maxOpen) {
      return { verdict: "refused", message: `Refused: ${maxOpen} calls wait for the customer already.` };
    }
    const request = requestOf(parking, call, classification, { sha256, lifeMs: limits.expiresAfterMs });
    if (Buffer.byteLength(JSON.stringify(request)) > maxRequestBytes) {
      return {
        verdict: "refused",
        message: "Refused: this call is too large to be shown to the customer; make it smaller.",
      };
    }
    for (const { id } of older) {
      store.close(id, "superseded");
      reportClosed(parking, id, "superseded");
    }
    insert(parking, call, request);
    const replaced = older.map(({ id }) => ` It replaces ${id}, which is superseded and will not run.`).join("");
    return { verdict: "parked", approvalId: request.id, message: parkedText(request.id) + replaced };
  });
}

function requestOf(
  { secrets, deps }: ParkDeps,
  call: ToolCall,
  classification: Classification,
  { sha256, lifeMs }: { sha256: string; lifeMs: number },
): ApprovalRequest {
  return {
    id: deps.ids.next("apr"),
    agent: call.agent,
    sessionKey: call.sessionKey,
    tool: call.tool,
    argumentsRedacted: secrets.redactJson(call.args),
    argumentsSha256: sha256,
    actClass: classification.actClass,
    rules: classification.rules,
    reason: secrets.redact(classification.reason).slice(0, 2000),
    blastRadius: secrets.redact(classification.blastRadius).slice(0, 2000),
    reversible: classification.reversible,
    secretNames: classification.secretNames,
    createdAt: isoOf(deps.clock.now()),
    expiresAt: isoOf(deps.clock.now() + lifeMs),
  };
}

function insert({ store, outbox }: ParkDeps, call: ToolCall, request: ApprovalRequest): void {
  const { id, agent, sessionKey, tool, argumentsSha256: sha256, expiresAt } = request;
  const parked = { id, agent, sessionKey, tool, origin: call.origin, argumentsSha256: sha256 };
  store.insert({ ...parked, expiresAt: new Date(expiresAt).getTime() }, call.args);
  outbox.put("hub", "/approvals", request);
}
