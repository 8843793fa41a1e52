import type { ServerResponse } from "node:http";
import { untilTrue } from "@berth/platform";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type OddProvider, startOddProvider } from "../testing/odd-provider.ts";
import {
  apiOf,
  bodyOf,
  formats,
  type ProxyUnderTest,
  providerPath,
  say,
  startProxyUnderTest,
} from "../testing/proxy-under-test.ts";

let provider: OddProvider;
let tested: ProxyUnderTest;
let held: ServerResponse[];
beforeEach(async () => {
  provider = await startOddProvider();
  held = [];
  provider.answer((response) => held.push(response));
  tested = await startProxyUnderTest({ upstreams: provider.upstreams });
});
afterEach(async () => {
  await tested.close();
  await provider.close();
});

/** Prompt bytes, what the provider may add, and the 200 tokens that the answer may have. */
const reservedFor = (body: string) => Buffer.byteLength(body) + 1000 + 200;

describe.each(formats)("a month's budget, in the %s format", (format) => {
  const body = JSON.stringify(bodyOf(format, say(format, "hello")));
  const ask = (agent: string) =>
    fetch(`${tested.proxy.llmUrl}/llm/${agent}/${apiOf[format]}${providerPath(format)}`, { method: "POST", body });

  it.each([0, 1, 7, 50])("with room for %i calls lets exactly these through, of fifty agents at once", async (room) => {
    await tested.configure({ tokensPerMonth: room * reservedFor(body) + (reservedFor(body) - 1) });
    const answers = Array.from({ length: 50 }, (_, index) => ask(`agent-${index}`));
    const refused: number[] = [];
    for (const answer of answers) void answer.then(({ status }) => status === 429 && refused.push(status));
    await untilTrue(() => held.length + refused.length === 50, { timeoutMs: 20_000, intervalMs: 5 });
    expect(held).toHaveLength(room);
    expect(provider.paths()).toHaveLength(room);
    for (const response of held) response.end("{}");
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(room);
  });

  it("is given back what a call did not use, and not what it used", async () => {
    const room = reservedFor(body);
    await tested.configure({ tokensPerMonth: room + 1 });
    const first = ask("main");
    await untilTrue(() => held.length === 1, { timeoutMs: 10_000, intervalMs: 5 });
    const refused = await ask("main");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("x-should-retry")).toBe("false");
    held[0]?.writeHead(200, { "content-type": "application/json" }).end(
      JSON.stringify({
        usage: { input_tokens: 1, output_tokens: 1, prompt_tokens: 1, completion_tokens: 1 },
        usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1 },
      }),
    );
    expect((await first).status).toBe(200);
    expect(await tested.booked()).toEqual({ input: 1, output: 1 });
    // Two are used, one was left over: one is missing now.
    expect((await ask("main")).status).toBe(429);
    await tested.configure({ tokensPerMonth: room + 2 });
    const second = ask("main");
    await untilTrue(() => held.length === 2, { timeoutMs: 10_000, intervalMs: 5 });
    held[1]?.writeHead(500).end("{}");
    expect((await second).status).toBe(500);
    // A month later all of it is there again.
    tested.clock.advance(15 * 24 * 3_600_000);
    await tested.configure({ tokensPerMonth: room });
    const third = ask("main");
    await untilTrue(() => held.length === 3, { timeoutMs: 10_000, intervalMs: 5 });
    held[2]?.end("{}");
    expect((await third).status).toBe(200);
  });
});

describe("what a request refers to without having it", () => {
  it.each([
    ["anthropic-messages", { tools: [{ type: "web_search_20260101", name: "web_search" }] }],
    ["anthropic-messages", { mcp_servers: [{ type: "url", url: "https://example.com" }] }],
    ["openai-chat", { web_search_options: {} }],
    ["openai-chat", { n: 100 }],
    ["openai-responses", { previous_response_id: "resp_1" }],
    ["openai-responses", { conversation: "conv_1" }],
    ["openai-responses", { tools: [{ type: "code_interpreter", container: { type: "auto" } }] }],
    ["openai-responses", { max_output_tokens: null }],
    ["google-generate", { cachedContent: "cachedContents/1" }],
    ["google-generate", { tools: [{ googleSearch: {} }] }],
    ["google-generate", { generationConfig: { maxOutputTokens: 200, candidateCount: 100 } }],
  ] as const)("is reserved for in full: %s %j", async (format, more) => {
    await tested.configure({ tokensPerMonth: 15_000 });
    const answer = await tested.post(format, bodyOf(format, say(format, "hi"), more));
    expect(answer.status).toBe(429);
    expect(provider.paths()).toEqual([]);
  });

  it("is refused where it could not be counted at all", async () => {
    const answer = await tested.post(
      "openai-responses",
      bodyOf("openai-responses", say("openai-responses", "hi"), { background: true }),
    );
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("background");
    expect(provider.paths()).toEqual([]);
  });
});
