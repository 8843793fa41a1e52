import {
  type AgentConfig,
  type ComponentVersions,
  type GateState,
  type HeartbeatInput,
  HeartbeatResult,
  type ProxyState,
  type ProxyUsage,
} from "@berth/contracts";
import { isoOf } from "@berth/platform";
import type { ApprovalStore } from "../approvals/approval-store.ts";
import type { AgentDeps } from "../deps.ts";
import type { PolicyStore } from "../gate/policy-store.ts";
import type { HubClient } from "./hub-client.ts";
import { measureLoad } from "./measure-load.ts";

export interface HeartbeatFacts {
  config: AgentConfig;
  bootId: string;
  versions: ComponentVersions;
  gate: GateState;
  policy: PolicyStore;
  store: ApprovalStore;
  /** Null while the proxy does not answer. */
  usage: ProxyUsage | null;
  proxy: ProxyState | null;
}

/** Tells the Hub how this machine is. Throws like the Hub client. */
export function sendHeartbeat(
  hub: HubClient,
  facts: HeartbeatFacts,
  { clock }: Pick<AgentDeps, "clock">,
): Promise<HeartbeatResult> {
  const bundle = facts.policy.current();
  const body: HeartbeatInput = {
    sentAt: isoOf(clock.now()),
    bootId: facts.bootId,
    versions: facts.versions,
    load: measureLoad(facts.config.stateDir),
    gate: facts.gate,
    policyVersion: bundle?.version ?? 0,
    policyProblem: facts.policy.problem(),
    budget: {
      tokensUsedThisMonth: facts.usage?.tokensThisMonth ?? 0,
      tokensPerMonth: bundle?.budget.tokensPerMonth ?? null,
    },
    openApprovals: facts.store.countOpen(),
    egress: facts.proxy?.egress ?? null,
  };
  return hub.call("POST", "/heartbeat", HeartbeatResult, body);
}
