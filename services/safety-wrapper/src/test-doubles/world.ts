import { rmSync } from "node:fs";
import { untilTrue } from "@berth/platform";
import {
  connectGateway,
  type GatewayRpc,
  type RunningGateway,
  type StartGatewayInput,
  startGateway,
} from "@berth/testkit/openclaw";
import { type AgentDouble, startAgentDouble } from "./agent-double.ts";
import { buildPlugin } from "./build-plugin.ts";
import { type LlmRequest, type ProxyDouble, startProxyDouble, type Turn } from "./proxy-double.ts";

export interface World {
  agent: AgentDouble;
  proxy: ProxyDouble;
  gateway: RunningGateway;
  rpc: GatewayRpc;
  /** Sends a chat message, lets the model make these calls, and answers with the requests that the turn made. */
  converse(input: { text?: string; turns: Turn[]; sessionKey?: string }): Promise<LlmRequest[]>;
  invoke(tool: string, args: object): Promise<{ status: number; text: string }>;
  stop(): Promise<void>;
}

/** The real gateway with the wrapper in it, between an agent double and a proxy double. */
export async function startWorld(
  options: {
    /** Last word on the built plugin's folder. */
    tamper?: (pluginDir: string) => void;
    configure?: StartGatewayInput["configure"];
    tokenSource?: StartGatewayInput["tokenSource"];
    withoutPresence?: boolean;
  } = {},
): Promise<World> {
  const agent = await startAgentDouble();
  const proxy = await startProxyDouble();
  const pluginDir = await buildPlugin();
  options.tamper?.(pluginDir);
  const gateway = await startGateway({
    llmPort: proxy.llmPort,
    channelPort: proxy.channelPort,
    agentSocket: agent.socketPath,
    pluginDir,
    ...(options.configure ? { configure: options.configure } : {}),
    ...(options.tokenSource ? { tokenSource: options.tokenSource } : {}),
  });
  if (options.withoutPresence !== true) {
    await untilTrue(() => proxy.presence() > 0 && agent.checkIns.length > 0, {
      timeoutMs: 20_000,
      what: "the wrapper",
    });
  }
  const rpc = await connectGateway(gateway);
  let messages = 0;
  return {
    agent,
    proxy,
    gateway,
    rpc,
    async converse({ text = "go", turns, sessionKey = "agent:main:main" }) {
      const before = proxy.requests.length;
      proxy.turns.push(...turns);
      messages += 1;
      await rpc.call("chat.send", { sessionKey, message: text, idempotencyKey: `message-${messages}` });
      await untilTrue(() => proxy.requests.length >= before + turns.length + 1, {
        timeoutMs: 30_000,
        what: "the turn",
      });
      await untilTrue(() => isOver(rpc, `message-${messages}`), { timeoutMs: 30_000, what: "the end of the turn" });
      return proxy.requests.slice(before);
    },
    async invoke(tool, args) {
      const answer = await fetch(`${gateway.url}/tools/invoke`, {
        method: "POST",
        headers: { authorization: `Bearer ${gateway.token}`, "content-type": "application/json" },
        body: JSON.stringify({ tool, args }),
      });
      return { status: answer.status, text: await answer.text() };
    },
    async stop() {
      rpc.close();
      await gateway.stop();
      await Promise.all([agent.stop(), proxy.stop()]);
      rmSync(pluginDir, { recursive: true, force: true });
    },
  };
}

/** Chat events carry the run's id, which is the message's idempotency key. */
const isOver = (rpc: GatewayRpc, runId: string): boolean =>
  rpc.events.some(({ event, payload }) => {
    const fact = payload as { runId?: string; state?: string } | null; // only read, any shape is fine
    return event === "chat" && fact?.runId === runId && (fact.state === "final" || fact.state === "error");
  });
