import { existsSync, readFileSync } from "node:fs";
import type { AgentConfig, ChatFact, EnrolResult, HubKey } from "@berth/contracts";
import { appErrorOf } from "@berth/platform";
import { failInterrupted } from "./approvals/run-approved.ts";
import { startExpiry } from "./approvals/start-expiry.ts";
import { type AgentCore, createCore } from "./core.ts";
import type { AgentDeps } from "./deps.ts";
import { createChatRelay } from "./gateway/chat-relay.ts";
import { startWakes } from "./gateway/deliver-wake.ts";
import { openGatewayClient } from "./gateway/gateway-client.ts";
import { createCommandInbox } from "./hub/command-inbox.ts";
import { createUsageCrossCheck, type UsageCrossCheck } from "./hub/cross-check-usage.ts";
import { type HubSession, openHubSession } from "./hub/hub-session.ts";
import { createProxyControl } from "./hub/proxy-control.ts";
import { reportSecretNames } from "./hub/report-secret-names.ts";
import { startEnrolment } from "./hub/start-enrolment.ts";
import { startWatch, versionsOf } from "./hub/watch.ts";
import { adminRoutes } from "./local-api/admin-api.ts";
import { serveSocket } from "./local-api/serve-socket.ts";
import { wrapperRoutes } from "./local-api/wrapper-api.ts";
import { type AgentState, openState } from "./open-state.ts";
import { repeat } from "./repeat.ts";
import { createProbeTurns } from "./self-test/probe-turns.ts";
import { createGateTest } from "./self-test/test-gate.ts";
import { createWrapperPresence, type WrapperPresence } from "./self-test/wrapper-presence.ts";
import { createSignals, type Signals } from "./signals.ts";

export interface AgentStatus {
  tenantId: string;
  enrolled: boolean;
  gateVerified: boolean;
  /** Why tools are off; null while they are on. */
  toolsOff: string | null;
  policyVersion: number;
  openApprovals: number;
}

/** A running agent. */
export interface TenantAgent {
  status(): AgentStatus;
  /** Ends every connection and closes the files; nothing runs afterwards. */
  stop(): Promise<void>;
}

/** Brings the agent up with all tools off; they come on when the self-test has passed. Throws if vault or sockets do not open. */
export async function startTenantAgent(config: AgentConfig, deps: AgentDeps): Promise<TenantAgent> {
  const signals = createSignals();
  const state = openState(config, deps);
  const turns = createProbeTurns();
  const presence = createWrapperPresence(deps.clock, deps.timing.checkInMaxAgeMs);
  // Only the keys that provisioning wrote, over SSH with a pinned host key; an answer of the Hub adds none.
  const hubKeys = (): HubKey[] => config.hubKeys;
  const crossCheck = createUsageCrossCheck(state.ledger, deps);
  let session: HubSession | null = null;
  const hub = () => session?.hub ?? null;
  const emit = (fact: ChatFact) => session?.emit(fact);

  const gateway = openGatewayClient({
    gatewayUrl: config.gatewayUrl,
    tokenFile: config.gatewayTokenFile,
    deps,
    redact: (params) => core.secrets.redactJson(params),
    onEvent: (event, payload) => {
      chat.onEvent(event, payload);
      turns.onEvent(event, payload);
    },
    onConnected: () => signals.raise("gateway-connected"),
  });
  const core = createCore({ config, state, hubKeys, gateway, signals, deps });
  const { redact, redactPartial } = core.secrets;
  const chat = createChatRelay({ gateway, redact, redactPartial, emit, deps });
  const proxy = createProxyControl(config.sockets.proxyControl);
  const policy = () => core.policyStore.current();
  failInterrupted(core.running);
  await takeFirstPolicy(config, core, deps);

  const { probes, toolsSwitch, policyStore } = core;
  const gateTest = createGateTest({ policy, presence, proxy, gateway, probes, turns, toolsSwitch, deps });
  const inbox = createCommandInbox({ ledger: state.ledger, hubKeys, hub, deps, handlers: core.commandHandlers });
  const watch = startWatch({
    config,
    state,
    policy: policyStore,
    presence,
    proxy,
    crossCheck,
    gateTest,
    inbox,
    hub,
    deps,
  });
  const wakes = startWakes({ outbox: state.outbox, gateway, emit, deps });
  const anchoring = repeat(
    async () => {
      state.auditAnchor.advance();
      return deps.timing.heartbeatMs;
    },
    (error) => {
      deps.log.error({ err: error }, "the audit head was not noted");
      return deps.timing.heartbeatMs;
    },
  );
  const expiry = startExpiry({ ...core.running, deps }, () => signals.raise("outbox-filled"));

  signals.on("gateway-connected", () => turns.abandon());
  for (const signal of ["policy-changed", "gateway-connected"] as const) signals.on(signal, gateTest.requireTurn);
  for (const signal of ["policy-changed", "gateway-connected"] as const) signals.on(signal, watch.hurry);
  for (const signal of ["outbox-filled", "gateway-connected"] as const) signals.on(signal, wakes.hurry);
  signals.on("outbox-filled", () => session?.hurryOutbox());
  const tellNames = () => {
    if (reportSecretNames({ ...state, deps })) signals.raise("outbox-filled");
  };
  signals.on("secrets-changed", tellNames);
  tellNames();

  const onEnrolled = (enrolment: EnrolResult) => {
    session = openHubSession({ config, enrolment, state, inbox, chat: () => chat, deps });
    session.start();
    watch.hurry();
  };
  const versions = () => versionsOf(presence, null);
  const { identity, ledger } = state;
  const enrolment = startEnrolment({ config, identity, ledger, versions, deps, onEnrolled });
  const status = (): AgentStatus => ({
    tenantId: config.tenantId,
    enrolled: session !== null,
    gateVerified: watch.gate()?.verified ?? false,
    toolsOff: toolsSwitch.offReason(),
    policyVersion: policy()?.version ?? 0,
    openApprovals: state.store.countOpen(),
  });
  const servers = await serveLocally({ config, state, core, presence, crossCheck, signals, status, deps });

  return {
    status,
    async stop() {
      await Promise.all(servers.map((server) => server.close()));
      await Promise.all([
        anchoring.stop(),
        enrolment.stop(),
        expiry.stop(),
        watch.stop(),
        wakes.stop(),
        gateway.stop(),
        session?.stop(),
      ]);
      await Promise.all([proxy.close(), core.close()]);
      state.close();
    },
  };
}

interface ServeLocallyInput {
  config: AgentConfig;
  state: AgentState;
  core: AgentCore;
  presence: WrapperPresence;
  crossCheck: UsageCrossCheck;
  signals: Signals;
  status: () => AgentStatus;
  deps: AgentDeps;
}

/** The three sockets: the gateway's plugin, the egress proxy, and people on the machine itself. */
function serveLocally({ config, state, core, presence, crossCheck, signals, status, deps }: ServeLocallyInput) {
  const { judge, parking, execute, secrets, egress } = core;
  const { wrapper, egress: egressPath, admin } = config.sockets;
  const onParked = () => signals.raise("outbox-filled");
  const forWrapper = wrapperRoutes({ judge, parking, execute, presence, crossCheck, redact: secrets.redact, onParked });
  const forPeople = adminRoutes({ state, secrets, status });
  const common = { ids: deps.ids, log: deps.log };
  return Promise.all([
    serveSocket({ ...common, path: wrapper, mode: 0o660, maxBodyBytes: 8 * 1_048_576, routes: forWrapper }),
    serveSocket({ ...common, path: egressPath, mode: 0o660, maxBodyBytes: 0, routes: {}, streams: egress.streams }),
    serveSocket({ ...common, path: admin, mode: 0o600, maxBodyBytes: 64 * 1_048_576, routes: forPeople }),
  ]);
}

/** The bundle that provisioning left; a wrong one is refused like any other, and said so in the log. */
async function takeFirstPolicy(config: AgentConfig, { policyStore }: AgentCore, { log }: AgentDeps): Promise<void> {
  if (policyStore.current() || !config.policyFile || !existsSync(config.policyFile)) return;
  await policyStore.accept(readFileSync(config.policyFile, "utf8").trim()).catch((error) => {
    log.error({ reason: appErrorOf(error).message }, "the first policy was refused");
  });
}
