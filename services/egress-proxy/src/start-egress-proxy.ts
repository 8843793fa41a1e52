import { lookup } from "node:dns/promises";
import { connect } from "node:net";
import type { EgressClient, EgressConfig } from "@berth/contracts";
import { type Clock, createIds, fail, flatLogger, type Logger, systemClock, untilTrue } from "@berth/platform";
import { Agent } from "undici";
import { followAgent, type LiveConfig } from "./agent-link.ts";
import { createControlServer } from "./control-server.ts";
import { closerOf, listen } from "./door.ts";
import type { ForwardContext } from "./forward/admit.ts";
import { createForwardServer } from "./forward/forward-server.ts";
import { openRefusalLog } from "./forward/refusal-log.ts";
import type { Dial } from "./forward/tunnel.ts";
import { openUsageLedger } from "./ledger/usage-ledger.ts";
import { createBodyRoom } from "./llm/body-room.ts";
import { createLlmServer } from "./llm/llm-server.ts";
import { createPresence } from "./presence.ts";
import { createProbes } from "./probes.ts";

export interface EgressProxyDeps {
  log: Logger;
  clock?: Clock;
  /** All addresses of a host name; the system's resolver unless a test has its own. */
  resolve?: (host: string) => Promise<string[]>;
  /** Opens the forward proxy's connections. */
  dial?: Dial;
  requestBytesMax?: number;
  /** Bodies of all calls together. */
  bodyRoomBytes?: number;
  /** Until the provider's first byte, and between two of its bytes. */
  timeouts?: { headersMs: number; bodyMs: number };
}

export interface EgressProxy {
  llmUrl: string;
  /** The executor's door out. */
  forwardUrl: string;
  /** The gateway's door out, for its channels. */
  channelUrl: string;
  /** Lets go of the ports and the ledger; calls under way are cut off and booked. */
  close(): Promise<void>;
}

const version = "0.1.0";
const defaultTimeouts = { headersMs: 600_000, bodyMs: 300_000 };
const resolveAll = async (host: string) => (await lookup(host, { all: true })).map(({ address }) => address);

/** The whole proxy in this process. Resolves when its three doors are open; it refuses until the agent configures it. */
export async function startEgressProxy(config: EgressConfig, deps: EgressProxyDeps): Promise<EgressProxy> {
  const { log, clock = systemClock, resolve = resolveAll, timeouts = defaultTimeouts } = deps;
  const ids = createIds(clock);
  const counters = { served: 0, refused: 0 };
  const inFlight = new Set<AbortController>();
  const ledger = openUsageLedger(config.stateDir, clock);
  const refusals = openRefusalLog(config.stateDir, clock, log);
  const agent = followAgent({ socketPath: config.agentSocket, log });
  const probes = createProbes(clock);
  const upstreams = new Agent({
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.bodyMs,
    connect: { timeout: 10_000 },
  });
  const presence = createPresence({
    onLost: () => {
      log.warn("the wrapper is gone: refusing LLM traffic until it is back");
      for (const call of inFlight) call.abort();
    },
  });

  function gate(): LiveConfig {
    if (!presence.isPresent()) fail("unavailable", "LLM traffic is stopped: the safety wrapper has not checked in.");
    return (
      agent.current() ?? fail("unavailable", "LLM traffic is stopped: the tenant agent has not configured the proxy.")
    );
  }

  const llm = createLlmServer({
    context: {
      gate,
      ledger,
      probes,
      upstreams,
      ids,
      log: flatLogger(log),
      requestBytesMax: deps.requestBytesMax ?? 32 * 1024 * 1024,
      room: createBodyRoom(deps.bodyRoomBytes ?? 48 * 1024 * 1024),
      inFlight,
      counters,
    },
    presence,
  });
  const doorOf = (client: EgressClient): ForwardContext => ({
    client,
    // The gateway says nothing to anybody while its wrapper is not there.
    policy: () => (client === "gateway" && !presence.isPresent() ? null : (agent.current()?.forward[client] ?? null)),
    resolve,
    dial: deps.dial ?? ((address, port) => connect({ host: address, port, allowHalfOpen: true })),
    log,
    onRefused: (attempt) => {
      counters.refused += 1;
      refusals.note(attempt);
    },
  });
  const forward = createForwardServer(doorOf("executor"));
  const channel = createForwardServer(doorOf("gateway"));
  const control = createControlServer({
    state: () => ({
      version,
      configured: agent.current() !== null,
      wrapperPresent: presence.isPresent(),
      ledgerWritable: ledger.isWritable(),
      requestsServed: counters.served,
      requestsRefused: counters.refused,
      egress: refusals.report(),
    }),
    usage: (fromHour) => ledger.usage(fromHour),
    probes,
    ids,
  });
  const closers = [llm, forward, channel, control].map(closerOf);
  const llmUrl = await listen(llm, config.llmPort);
  const forwardUrl = await listen(forward, config.forwardPort);
  const channelUrl = await listen(channel, config.channelPort);
  await listen(control, config.controlSocket);
  log.info({ llmUrl, forwardUrl, channelUrl }, "egress proxy is up");

  return {
    llmUrl,
    forwardUrl,
    channelUrl,
    async close() {
      agent.close();
      for (const call of inFlight) call.abort();
      presence.close();
      await Promise.all(closers.map((close) => close()));
      await upstreams.destroy();
      await untilTrue(() => inFlight.size === 0, { timeoutMs: 5000, intervalMs: 5, what: "The end of all calls" });
      await ledger.close();
      refusals.close();
    },
  };
}
