import { type ProxyConfig, ProxyUsage } from "@berth/contracts";
import { createLogger, ManualClock, untilTrue } from "@berth/platform";
import { z } from "zod";
import { type EgressProxy, type EgressProxyDeps, startEgressProxy } from "../start-egress-proxy.ts";
import { type AgentStandIn, checkIn, startAgentStandIn, stateBecomes } from "./agent-stand-in.ts";

export const formats = ["anthropic-messages", "openai-chat", "openai-responses", "google-generate"] as const;
export type Format = (typeof formats)[number];
export const apiOf = {
  "anthropic-messages": "anthropic",
  "openai-chat": "openai",
  "openai-responses": "openai",
  "google-generate": "google",
} as const;
const modelPath = "/v1beta/models/gemini-x";
/** Below the provider's address. */
const providerPaths: Record<Format, { whole: string; stream: string }> = {
  "anthropic-messages": { whole: "/v1/messages", stream: "/v1/messages" },
  "openai-chat": { whole: "/v1/chat/completions", stream: "/v1/chat/completions" },
  "openai-responses": { whole: "/v1/responses", stream: "/v1/responses" },
  "google-generate": {
    whole: `${modelPath}:generateContent`,
    stream: `${modelPath}:streamGenerateContent?alt=sse`,
  },
};
export const providerPath = (format: Format, stream = false): string =>
  providerPaths[format][stream ? "stream" : "whole"];
export const pathOf = (format: Format, stream = false): string =>
  `/llm/main/${apiOf[format]}${providerPath(format, stream)}`;

/** What the gateway sends: the key in it is no key. */
export const dummyHeaders: Record<Format, Record<string, string>> = {
  "anthropic-messages": { "x-api-key": "dummy-of-the-gateway", "anthropic-version": "2023-06-01" },
  "openai-chat": { authorization: "Bearer dummy-of-the-gateway" },
  "openai-responses": { authorization: "Bearer dummy-of-the-gateway" },
  "google-generate": { "x-goog-api-key": "dummy-of-the-gateway" },
};
/** A request with at most 200 tokens to answer; `messages` are in the format's own shape. */
export function bodyOf(format: Format, messages: unknown[], more: object = {}): Record<string, unknown> {
  switch (format) {
    case "anthropic-messages":
      return { model: "claude-x", max_tokens: 200, messages, ...more };
    case "openai-chat":
      return { model: "gpt-x", max_completion_tokens: 200, messages, ...more };
    case "openai-responses":
      return { model: "gpt-x", max_output_tokens: 200, input: messages, ...more };
    case "google-generate":
      return { contents: messages, generationConfig: { maxOutputTokens: 200 }, ...more };
  }
}
export const say = (format: Format, text: string): object[] =>
  format === "google-generate" ? [{ role: "user", parts: [{ text }] }] : [{ role: "user", content: text }];

/** The error of a refusal, in any of the shapes. */
const ErrorBody = z.looseObject({
  type: z.string().optional(),
  error: z.looseObject({ message: z.string(), type: z.string().optional(), status: z.string().optional() }),
});
export const errorOf = async (answer: Response) => ErrorBody.parse(await answer.json());

interface PostOptions {
  headers?: Record<string, string>;
  query?: string;
  stream?: boolean;
  signal?: AbortSignal;
}

const asksForStream = (format: Format, body: unknown, stream: boolean): unknown =>
  stream && format !== "google-generate" && typeof body === "object" ? { ...body, stream } : body;

/** A whole proxy with the wrapper checked in and an agent that has configured it. */
export interface ProxyUnderTest {
  proxy: EgressProxy;
  agent: AgentStandIn;
  wrapper: { leave(): void };
  clock: ManualClock;
  logged(): string;
  /** `stream` asks for a stream in the way of the format, where the body does not say it. */
  post(format: Format, body: unknown, more?: PostOptions): Promise<Response>;
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
    post: (format, body, { headers, query = "", stream = false, signal } = {}) => {
      const sent = asksForStream(format, body, stream);
      return fetch(`${proxy.llmUrl}${pathOf(format, stream)}${query}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...dummyHeaders[format], ...headers },
        body: typeof sent === "string" || sent instanceof Blob ? sent : JSON.stringify(sent),
        ...(signal ? { signal } : {}),
      });
    },
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
