import type Anthropic from "@anthropic-ai/sdk";
import { ProxyUsage } from "@berth/contracts";
import type { GenerateContentResponse } from "@google/genai";
import type OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEmulatedProxy } from "../testing/emulated-proxy.ts";
import { type OddProvider, startOddProvider } from "../testing/odd-provider.ts";
import {
  apiOf,
  bodyOf,
  type Format,
  formats,
  type ProxyUnderTest,
  say,
  startProxyUnderTest,
} from "../testing/proxy-under-test.ts";

/** Numbers as the providers' pages show them, typed by the providers' own clients so that no field is invented. */
const anthropicUsage = {
  input_tokens: 472,
  cache_creation_input_tokens: 1200,
  cache_read_input_tokens: 30_000,
  output_tokens: 2,
} satisfies Partial<Anthropic.Messages.Usage>;
const chatUsage = {
  prompt_tokens: 2006,
  completion_tokens: 300,
  total_tokens: 2306,
  prompt_tokens_details: { cached_tokens: 1920, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 192, audio_tokens: 0 },
} satisfies OpenAI.CompletionUsage;
const responsesUsage = {
  input_tokens: 36_000,
  input_tokens_details: { cached_tokens: 30_000, cache_write_tokens: 1024 },
  output_tokens: 1186,
  output_tokens_details: { reasoning_tokens: 1024 },
  total_tokens: 37_186,
} satisfies OpenAI.Responses.ResponseUsage;
const googleUsage = {
  promptTokenCount: 696_219,
  cachedContentTokenCount: 696_190,
  candidatesTokenCount: 214,
  thoughtsTokenCount: 900,
  toolUsePromptTokenCount: 71,
  totalTokenCount: 697_404,
} satisfies GenerateContentResponse["usageMetadata"];

const sse = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const data = (json: object) => `data: ${JSON.stringify(json)}\n\n`;
const candidate = (text: string, more: object = {}) => ({
  content: { parts: [{ text }], role: "model" },
  index: 0,
  ...more,
});
/** Gemini repeats the prompt's numbers in every chunk; the answer's come with the last one. */
const { candidatesTokenCount: _said, thoughtsTokenCount: _thought, ...googleBegun } = googleUsage;

interface Golden {
  whole: object;
  stream: string[];
  counts: Record<string, number>;
}
const golden: Record<Format, Golden> = {
  "anthropic-messages": {
    whole: { type: "message", content: [], usage: { ...anthropicUsage, output_tokens: 89 } },
    stream: [
      sse("message_start", { message: { usage: anthropicUsage } }),
      sse("content_block_delta", { index: 0, delta: { type: "text_delta", text: "Okay" } }),
      sse("message_delta", { delta: { stop_reason: "tool_use" }, usage: { output_tokens: 40 } }),
      sse("message_delta", { delta: { stop_reason: "tool_use" }, usage: { output_tokens: 89 } }),
      sse("message_stop", {}),
    ],
    counts: { input: 472, output: 89, cache_read: 30_000, cache_write: 1200 },
  },
  "openai-chat": {
    whole: { object: "chat.completion", choices: [], usage: chatUsage },
    stream: [
      data({ choices: [{ index: 0, delta: { content: "Okay" }, finish_reason: null }], usage: null }),
      data({ choices: [], usage: chatUsage }),
      "data: [DONE]\n\n",
    ],
    counts: { input: 86, output: 300, cache_read: 1920 },
  },
  "openai-responses": {
    whole: { object: "response", output: [], usage: responsesUsage },
    stream: [
      sse("response.created", { response: { usage: null } }),
      sse("response.output_text.delta", { item_id: "msg_1", delta: "Okay" }),
      sse("response.completed", { response: { usage: responsesUsage } }),
    ],
    counts: { input: 4976, output: 1186, cache_read: 30_000, cache_write: 1024 },
  },
  "google-generate": {
    whole: { candidates: [candidate("Okay", { finishReason: "STOP" })], usageMetadata: googleUsage },
    stream: [
      data({ candidates: [candidate("Ok")], usageMetadata: googleBegun }),
      data({ candidates: [candidate("ay", { finishReason: "STOP" })], usageMetadata: googleBegun }),
      data({ candidates: [], usageMetadata: googleUsage }),
    ],
    counts: { input: 100, output: 1114, cache_read: 696_190 },
  },
};

describe("a provider's own numbers, by kind", () => {
  let provider: OddProvider;
  let tested: ProxyUnderTest;
  beforeEach(async () => {
    provider = await startOddProvider();
    tested = await startProxyUnderTest({ upstreams: provider.upstreams });
  });
  afterEach(async () => {
    await tested.close();
    await provider.close();
  });

  it.each(formats)("are booked for a whole answer of %s", async (format) => {
    provider.answer((response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(golden[format].whole));
    });
    await (await tested.post(format, bodyOf(format, say(format, "hi")))).text();
    expect(await tested.booked()).toEqual(golden[format].counts);
  });

  it.each(formats)("are booked for a streamed answer of %s, and no other numbers", async (format) => {
    provider.answer((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const event of golden[format].stream) response.write(event);
      response.end();
    });
    await (await tested.post(format, bodyOf(format, say(format, "hi")), { stream: true })).text();
    expect(await tested.booked()).toEqual(golden[format].counts);
  });

  it("are booked for a list of chunks that is not cut into events", async () => {
    const chunks = golden["google-generate"].stream.map((event) => event.slice(6).trim());
    provider.answer((response) => {
      response.writeHead(200, { "content-type": "application/json; charset=UTF-8" });
      response.end(`[${chunks.join(",\r\n")}]`);
    });
    const url = `${tested.proxy.llmUrl}/llm/main/google/v1beta/models/gemini-x:streamGenerateContent`;
    const body = JSON.stringify(bodyOf("google-generate", say("google-generate", "hi")));
    const answer = await fetch(url, { method: "POST", body });
    expect(await answer.text()).toBe(`[${chunks.join(",\r\n")}]`);
    expect(await tested.booked()).toEqual(golden["google-generate"].counts);
  });

  it("are asked for where a chat's stream would not have them, and the gateway does not see that", async () => {
    provider.answer((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(golden["openai-chat"].stream.join(""));
    });
    const body = bodyOf("openai-chat", say("openai-chat", "hi"));
    const text = await (await tested.post("openai-chat", body, { stream: true })).text();
    expect(JSON.parse(provider.bodies()[0] ?? "").stream_options).toEqual({ include_usage: true });
    expect(text).not.toContain("prompt_tokens");
    const asking = { ...body, stream_options: { include_usage: true } };
    expect(await (await tested.post("openai-chat", asking, { stream: true })).text()).toContain("prompt_tokens");
  });
});

describe.each(formats)("an emulated call in the %s format", (format) => {
  it.each([true, false])(
    "is booked by agent, model and hour, as much as the provider bills (stream: %s)",
    async (stream) => {
      const { emulator, tested, close } = await startEmulatedProxy();
      const body = bodyOf(format, say(format, "list my files"));
      await (await tested.post(format, body, { stream })).text();
      const { json } = await tested.agent.control("GET", "/v1/usage");
      const { buckets, tokensThisMonth } = ProxyUsage.parse(json);
      const place = { agent: "main", provider: apiOf[format], hour: "2026-11-21T07:00:00.000Z" };
      for (const bucket of buckets) expect(bucket).toMatchObject({ ...place, model: body.model ?? "gemini-x" });
      const billed = JSON.parse(await (await fetch(`${emulator.url}/_emulator/usage`)).text());
      expect(tokensThisMonth).toBe(billed.input + billed.output + billed.cacheRead + billed.cacheWrite);
      expect(tokensThisMonth).toBe(buckets.reduce((sum, { tokens }) => sum + tokens, 0));
      await close();
    },
  );
});
