import { type ProxyConfig, ProxyUsage } from "@berth/contracts";
import { createLogger, ManualClock, untilTrue } from "@berth/platform";
import { z } from "zod";
import { type EgressProxy, type EgressProxyDeps, startEgressProxy } from "../start-egress-proxy.ts";
import { type AgentStandIn, checkIn, startAgentStandIn, stateBecomes } from "./agent-stand-in.ts";

export const formats = ["anthropic", "openai"] as const;
export type Format = (typeof formats)[number];
export const pathOf = {
  anthropic: "/llm/main/anthropic/v1/messages",
  openai: "/llm/main/openai/v1/chat/completions",
};
/** What the gateway sends: the key in it is no key. */
export const dummyHeaders: Record<Format, Record<string, string>> = {
  anthropic: { "x-api-key": "dummy-of-the-gateway", "anthropic-version": "2023-06-01" },
  openai: { authorization: "Bearer dummy-of-the-gateway" },
};
export const bodyOf = (format: Format, messages: unknown[], more: object = {}) =>
  format === "anthropic"
    ? { model: "claude-x", max_tokens: 200, messages, ...more }
    : { model: "gpt-x", max_completion_tokens: 200, messages, ...more };
export const say = (text: string) => [{ role: "user", content: text }];

/** The error of a refusal, in either shape. */
const ErrorBody = z.looseObject({
  type: z.string().optional(),
  error: z.looseObject({ message: z.string(), type: z.string() }),
});
export const errorOf = async (answer: Response) => ErrorBody.parse(await answer.json());

/** A whole proxy with the wrapper checked in and an agent that has configured it. */
export interface ProxyUnderTest {
  proxy: EgressProxy;
  agent: AgentStandIn;
  wrapper: { leave(): void };
  clock: ManualClock;
  logged(): string;
  post(format: Format, body: unknown, more?: { headers?: Record<string, string>; query?: string }): Promise<Response>;
  /** Tokens by kind, as the ledger has them. */
  booked(): Promise<Record<string, number>>;
  /** Sends changes and waits until the proxy has taken them. */
  configure(changes: Partial<ProxyConfig>): Promise<void>;
  close(): Promise<void>;
}

export async function startProxyUnderTest(
  config: Partial<ProxyConfig>,
  deps: Partial<EgressProxyDeps> = {},
): Promise<ProxyUnderTest> {
  let logged = "";
  const write = (line: string) => {
    logged += line;
  };
  const log = createLogger({ service: "test", level: "debug", destination: { write } });
  const clock = new ManualClock(Date.UTC(2026, 10, 21, 7, 59, 30));
  const agent = await startAgentStandIn(config);
  const proxy = await startEgressProxy(agent.egressConfig, { log, clock, ...deps });
  const wrapper = await checkIn(proxy.llmUrl);
  await stateBecomes(agent, { configured: true, wrapperPresent: true });
  const taken = () => logged.split("configuration from the agent").length;
  return {
    proxy,
    agent,
    wrapper,
    clock,
    logged: () => logged,
    post: (format, body, more = {}) =>
      fetch(`${proxy.llmUrl}${pathOf[format]}${more.query ?? ""}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...dummyHeaders[format], ...more.headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    async booked() {
      const { json } = await agent.control("GET", "/v1/usage");
      return Object.fromEntries(ProxyUsage.parse(json).buckets.map(({ kind, tokens }) => [kind, tokens]));
    },
    async configure(changes) {
      const before = taken();
      agent.configure(changes);
      await untilTrue(() => taken() > before, { timeoutMs: 5000, intervalMs: 5, what: "The new configuration" });
    },
    async close() {
      await proxy.close();
      await agent.close();
    },
  };
}
