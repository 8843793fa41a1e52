import { existsSync, readFileSync } from "node:fs";
import type { AgentConfig, ChatFact, HubKey } from "@berth/contracts";
import { appErrorOf, isoOf } from "@berth/platform";
import { ProxyAgent } from "undici";
import { createApprovedRunner, failInterrupted } from "./approvals/run-approved.ts";
import { expireOverdue, takeDecision } from "./approvals/settle-approval.ts";
import type { AgentDeps } from "./deps.ts";
import { createExecutor } from "./executor/create-executor.ts";
import { createRunJob } from "./executor/run-job.ts";
import { createPolicyStore } from "./gate/policy-store.ts";
import { createProbeCalls } from "./gate/probe-calls.ts";
import { createSecretRegistry } from "./gate/secret-registry.ts";
import { createToolsSwitch } from "./gate/tools-switch.ts";
import { createChatRelay } from "./gateway/chat-relay.ts";
import { deliverWake } from "./gateway/deliver-wake.ts";
import { openGatewayClient } from "./gateway/gateway-client.ts";
import { chatSessionKey } from "./gateway/sessions.ts";
import { createCommandInbox } from "./hub/command-inbox.ts";
import { type HubSession, openHubSession } from "./hub/hub-session.ts";
import { createProxyControl } from "./hub/proxy-control.ts";
import { startWatch, versionsOf } from "./hub/watch.ts";
import { enrol, readEnrolment } from "./identity/enrol.ts";
import { deliverOutbox } from "./ledger/deliver-outbox.ts";
import { adminRoutes } from "./local-api/admin-api.ts";
import { createEgressApi } from "./local-api/egress-api.ts";
import { serveSocket } from "./local-api/serve-socket.ts";
import { wrapperRoutes } from "./local-api/wrapper-api.ts";
import { openState } from "./open-state.ts";
import { backoffMs, repeat } from "./repeat.ts";
import { createProbeTurns } from "./self-test/probe-turns.ts";
import { createGateTest } from "./self-test/test-gate.ts";
import { createWrapperPresence } from "./self-test/wrapper-presence.ts";

/** A running agent. */
export interface TenantAgent {
  status(): AgentStatus;
  /** Ends every connection and closes the files; nothing runs afterwards. */
  stop(): Promise<void>;
}

export interface AgentStatus {
  tenantId: string;
  enrolled: boolean;
  gateVerified: boolean;
  /** Why tools are off; null while they are on. */
  toolsOff: string | null;
  policyVersion: number;
  openApprovals: number;
}

const idleMs = 3_600_000;

/** Brings the agent up: local sockets first, with all tools off, then the gateway, the Hub and the self-test. */
export async function startTenantAgent(config: AgentConfig, deps: AgentDeps): Promise<TenantAgent> {
  const { clock, ids, log, timing } = deps;
  const state = openState(config, deps);
  const { vault, ledger, store, outbox } = state;
  let session: HubSession | null = null;
  const hub = () => session?.hub ?? null;
  const hubKeys = (): HubKey[] => [...config.hubKeys, ...(readEnrolment(ledger)?.hubKeys ?? [])];

  const secrets = createSecretRegistry(vault, () => egress.push());
  const policyStore = createPolicyStore({
    ledger,
    tenantId: config.tenantId,
    hubKeys,
    onChange: () => {
      egress.push();
      gateTest.requireTurn();
      watch.hurry();
    },
  });
  const policy = () => policyStore.current();
  const egress = createEgressApi({ llm: config.llm, secrets, policy });
  const probes = createProbeCalls(clock);
  const turns = createProbeTurns();
  const presence = createWrapperPresence(clock, timing.checkInMaxAgeMs);
  const toolsSwitch = createToolsSwitch(() => settle(approved.drain()));
  const { workspaceDir } = config;
  const judge = { policy, workspaceDir, secrets, probes, toolsOff: toolsSwitch.offReason };

  const emit = (fact: ChatFact) => session?.emit(fact);
  const gateway = openGatewayClient({
    gatewayUrl: config.gatewayUrl,
    tokenFile: config.gatewayTokenFile,
    deps,
    onEvent: (event, payload) => {
      chat.onEvent(event, payload);
      turns.onEvent(event, payload);
    },
    onConnected: () => {
      turns.abandon();
      gateTest.requireTurn();
      watch.hurry();
      wakes.hurry();
    },
  });
  const { redact, redactPartial } = secrets;
  const chat = createChatRelay({ gateway, redact, redactPartial, emit, deps });
  const proxy = createProxyControl(config.sockets.proxyControl);
  const gateTest = createGateTest({ policy, presence, proxy, gateway, probes, turns, toolsSwitch, deps });
  const forward = new ProxyAgent(config.forwardProxyUrl);
  const runJob = createRunJob(config.commandRunner);
  const execute = createExecutor({ gateway, ids, policy, workspaceDir, runJob, proxy: forward, secrets, log });

  const hurryOutbox = () => {
    session?.hurryOutbox();
    wakes.hurry();
  };
  const settling = { ledger, store, outbox, tenantId: config.tenantId, redact, deps };
  const running = { ...settling, judge, execute, onSettled: hurryOutbox };
  const settle = (work: Promise<void>) => work.catch((error) => log.error({ err: error }, "approved call"));
  const approved = createApprovedRunner(running);
  const inbox = createCommandInbox({
    ledger,
    hubKeys,
    hub,
    deps,
    handlers: {
      acceptPolicy: policyStore.accept,
      acceptDecision: (payload) => {
        takeDecision(settling, payload);
        hurryOutbox();
        settle(approved.drain());
      },
    },
  });

  failInterrupted(running);
  const parking = { ledger, store, outbox, secrets, deps };
  const serve = { ids, log };
  const status = (): AgentStatus => ({
    tenantId: config.tenantId,
    enrolled: session !== null,
    gateVerified: watch.gate()?.verified ?? false,
    toolsOff: toolsSwitch.offReason(),
    policyVersion: policy()?.version ?? 0,
    openApprovals: store.countOpen(),
  });
  const wrapper = wrapperRoutes({ judge, parking, execute, presence, redact, onParked: hurryOutbox });
  const wakes = deliverOutbox({
    outbox,
    lane: "gateway",
    deps,
    deliver: (message) =>
      deliverWake(gateway, message, ({ sessionKey, message: text, idempotencyKey: id }) => {
        if (sessionKey !== chatSessionKey) return;
        emit({ type: "chat.final", runId: id, message: { id, role: "notice", text, at: isoOf(clock.now()) } });
      }),
  });
  const watch = startWatch({ config, state, policy: policyStore, presence, proxy, gateTest, inbox, hub, deps });
  await takeFirstPolicy(config, policyStore.accept, policy, deps);
  const { sockets } = config;
  const servers = await Promise.all([
    serveSocket({ ...serve, path: sockets.wrapper, mode: 0o660, maxBodyBytes: 8 * 1_048_576, routes: wrapper }),
    serveSocket({ ...serve, path: sockets.egress, mode: 0o660, maxBodyBytes: 0, routes: {}, streams: egress.streams }),
    serveSocket({
      ...serve,
      path: sockets.admin,
      mode: 0o600,
      maxBodyBytes: 65_536,
      routes: adminRoutes({ vault, secrets, status }),
    }),
  ]);

  let attempt = 0;
  const enrolment = repeat(
    async () => {
      if (session) return idleMs;
      const versions = () => versionsOf(presence, null);
      const result = await enrol({ config, identity: state.identity, ledger, versions, deps });
      session = openHubSession({ config, enrolment: result, state, inbox, chat: () => chat, deps });
      session.start();
      log.info({ keyId: result.keyId }, "enrolled");
      watch.hurry();
      return idleMs;
    },
    (error) => {
      attempt += 1;
      log.error({ reason: appErrorOf(error).message }, "not enrolled yet");
      return backoffMs(deps, attempt);
    },
  );
  const expiry = repeat(
    async () => {
      if (expireOverdue(settling) > 0) hurryOutbox();
      return timing.tickMs;
    },
    (error) => {
      log.error({ err: error }, "expiry");
      return timing.tickMs;
    },
  );

  return {
    status,
    async stop() {
      await Promise.all(servers.map((server) => server.close()));
      await Promise.all([enrolment.stop(), expiry.stop(), watch.stop(), wakes.stop(), gateway.stop(), session?.stop()]);
      await Promise.all([proxy.close(), forward.close()]);
      state.close();
    },
  };
}

/** The bundle that provisioning left; an older or wrong one is refused like any other, and said so in the log. */
async function takeFirstPolicy(
  config: AgentConfig,
  accept: (jws: string) => Promise<unknown>,
  policy: () => unknown,
  { log }: Pick<AgentDeps, "log">,
): Promise<void> {
  if (policy() || !config.policyFile || !existsSync(config.policyFile)) return;
  await accept(readFileSync(config.policyFile, "utf8").trim()).catch((error) =>
    log.error({ reason: appErrorOf(error).message }, "the first policy was refused"),
  );
}
