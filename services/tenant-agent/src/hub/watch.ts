import { readFileSync } from "node:fs";
import type { AgentConfig, ComponentVersions, GateState, ProxyState } from "@berth/contracts";
import { appErrorOf, randomToken } from "@berth/platform";
import type { AgentDeps } from "../deps.ts";
import type { PolicyStore } from "../gate/policy-store.ts";
import type { AgentState } from "../open-state.ts";
import { type Repeater, repeat } from "../repeat.ts";
import type { GateTest } from "../self-test/test-gate.ts";
import type { WrapperPresence } from "../self-test/wrapper-presence.ts";
import { agentVersion } from "../version.ts";
import type { CommandInbox } from "./command-inbox.ts";
import type { UsageCrossCheck } from "./cross-check-usage.ts";
import type { HubClient } from "./hub-client.ts";
import type { ProxyControl } from "./proxy-control.ts";
import { reportUsage } from "./report-usage.ts";
import { sendHeartbeat } from "./send-heartbeat.ts";

export interface WatchInput {
  config: AgentConfig;
  state: AgentState;
  policy: PolicyStore;
  presence: WrapperPresence;
  crossCheck: UsageCrossCheck;
  proxy: ProxyControl;
  gateTest: GateTest;
  inbox: CommandInbox;
  /** Null until this machine is enrolled. */
  hub: () => HubClient | null;
  deps: AgentDeps;
}

export interface Watch extends Pick<Repeater, "hurry" | "stop"> {
  gate(): GateState | null;
}

function readBootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return randomToken(16);
  }
}

export function versionsOf(presence: WrapperPresence, proxy: ProxyState | null): ComponentVersions {
  const wrapper = presence.fresh();
  return {
    agent: agentVersion,
    egressProxy: proxy?.version ?? null,
    safetyWrapper: wrapper?.version ?? null,
    openclaw: wrapper?.openclawVersion ?? null,
    node: process.version,
  };
}

/** Tests the gate, reports usage and sends the heartbeat, round by round; sooner while the gate is not as it should be. */
export function startWatch(input: WatchInput): Watch {
  const { deps, state, policy, presence, proxy, crossCheck, gateTest, inbox } = input;
  const bootId = readBootId();
  let gate: GateState | null = null;
  let intervalMs = deps.timing.heartbeatMs;
  let nextHeartbeatAt = 0;
  const orNull = <T>(what: string, work: Promise<T>): Promise<T | null> =>
    work.catch((error) => {
      deps.log.warn({ reason: appErrorOf(error).message }, what);
      return null;
    });

  async function beat(hub: HubClient, now: GateState): Promise<void> {
    const usage = await orNull("usage was not reported", reportUsage({ hub, proxy, ledger: state.ledger, deps }));
    if (usage) crossCheck.compare(usage);
    const proxyState = await proxy.state().catch(() => null);
    const versions = versionsOf(presence, proxyState);
    const facts = {
      config: input.config,
      bootId,
      versions,
      gate: now,
      policy,
      store: state.store,
      usage,
      proxy: proxyState,
    };
    const result = await orNull("heartbeat was not taken", sendHeartbeat(hub, facts, deps));
    if (!result) return;
    intervalMs = result.heartbeatIntervalMs;
    nextHeartbeatAt = deps.clock.now() + intervalMs;
    if (result.lastCommandSeq > inbox.lastSeq()) await orNull("commands were not fetched", inbox.poll());
  }

  async function round(): Promise<number> {
    const before = gate;
    gate = await gateTest.run();
    const hub = input.hub();
    const changed = before?.verified !== gate.verified || before.reason !== gate.reason;
    if (hub && (changed || deps.clock.now() >= nextHeartbeatAt)) await beat(hub, gate);
    return gate.verified ? intervalMs : Math.min(intervalMs, deps.timing.tickMs);
  }

  const rounds = repeat(round, (error) => {
    deps.log.error({ err: error }, "watch");
    return deps.timing.tickMs;
  });
  return { gate: () => gate, ...rounds };
}
