import type { AgentConfig, HubKey } from "@berth/contracts";
import { ProxyAgent } from "undici";
import { createApprovedRunner } from "./approvals/run-approved.ts";
import { takeDecision } from "./approvals/settle-approval.ts";
import type { AgentDeps } from "./deps.ts";
import { createExecutor } from "./executor/create-executor.ts";
import { keepSecretsApart } from "./executor/keep-secrets-apart.ts";
import { createRunJob } from "./executor/run-job.ts";
import { createPolicyStore } from "./gate/policy-store.ts";
import { createProbeCalls } from "./gate/probe-calls.ts";
import { createSecretRegistry } from "./gate/secret-registry.ts";
import { createToolsSwitch } from "./gate/tools-switch.ts";
import type { GatewayClient } from "./gateway/gateway-client.ts";
import { createEgressApi } from "./local-api/egress-api.ts";
import type { AgentState } from "./open-state.ts";
import type { Signals } from "./signals.ts";

export interface CoreInput {
  config: AgentConfig;
  state: AgentState;
  hubKeys: () => HubKey[];
  gateway: Pick<GatewayClient, "call">;
  signals: Signals;
  deps: AgentDeps;
}

/** What judges and acts: secrets, policy, executor, approvals. It talks to nobody outside by itself. */
export function createCore({ config, state, hubKeys, gateway, signals, deps }: CoreInput) {
  const { ledger, store, outbox } = state;
  const { tenantId, workspaceDir } = config;
  const { clock, ids, log } = deps;
  const secrets = createSecretRegistry(state.vault, () => signals.raise("secrets-changed"));
  const onChange = () => signals.raise("policy-changed");
  const policyStore = createPolicyStore({ ledger, tenantId, hubKeys, onChange });
  const policy = () => policyStore.current();
  const egress = createEgressApi({ llm: config.llm, secrets, policy });
  signals.on("secrets-changed", egress.push);
  signals.on("policy-changed", egress.push);

  const probes = createProbeCalls(clock);
  const toolsSwitch = createToolsSwitch(() => signals.raise("tools-on"));
  const judge = { policy, workspaceDir, secrets, probes, toolsOff: toolsSwitch.offReason };
  const proxy = new ProxyAgent(config.forwardProxyUrl);
  const runJob = keepSecretsApart(createRunJob(config.commandRunner));
  const execute = createExecutor({ gateway, ids, policy, workspaceDir, runJob, proxy, secrets, log });

  const onSettled = () => signals.raise("outbox-filled");
  const running = { ledger, store, outbox, tenantId, redact: secrets.redact, deps, judge, execute, onSettled };
  const approved = createApprovedRunner(running);
  const runApproved = () => {
    approved.drain().catch((error) => log.error({ err: error }, "approved call"));
  };
  signals.on("tools-on", runApproved);

  return {
    secrets,
    policyStore,
    egress,
    probes,
    toolsSwitch,
    judge,
    execute,
    running,
    parking: { ledger, store, outbox, secrets, deps },
    commandHandlers: {
      acceptPolicy: policyStore.accept,
      words: {
        "approval.decision": (payload: unknown): void => {
          takeDecision(running, payload);
          onSettled();
          runApproved();
        },
      },
    },
    close: () => proxy.close(),
  };
}
export type AgentCore = ReturnType<typeof createCore>;
