import Anthropic from "@anthropic-ai/sdk";
import type { LlmEmulator } from "@berth/emulators";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reference, secret, startEmulatedProxy } from "../testing/emulated-proxy.ts";
import type { ProxyUnderTest } from "../testing/proxy-under-test.ts";

let emulator: LlmEmulator;
let tested: ProxyUnderTest;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ emulator, tested, close } = await startEmulatedProxy());
});
afterAll(() => close());

const call = `[[tool file {"op":"write","path":"a","content":"${secret}"}]]`;
/** What the model makes of it: the placeholder, which the executor puts the value in for. */
const args = { op: "write", path: "a", content: reference };
const base = (api: string) => `${tested.proxy.llmUrl}/llm/main/${api}`;
const sentBodies = () => emulator.requests().map(({ body }) => body);

describe("the provider's own client, through the proxy: a call with a placeholder, streamed and whole", () => {
  it("Anthropic's", async () => {
    const client = new Anthropic({ apiKey: "dummy", baseURL: base("anthropic"), maxRetries: 0 });
    const request = { model: "claude-x", max_tokens: 2000, messages: [{ role: "user" as const, content: call }] };
    const thinking = { type: "enabled" as const, budget_tokens: 1024 };
    const streamed = await client.messages.stream({ ...request, thinking }).finalMessage();
    const whole = await client.messages.create(request);
    expect(streamed.content.map(({ type }) => type)).toEqual(["thinking", "tool_use"]);
    for (const { content } of [streamed, whole]) {
      expect(content.at(-1)).toMatchObject({ type: "tool_use", name: "file", input: args });
    }
    // The signed thought goes back unchanged, beside a result that holds the secret.
    const id = streamed.content.flatMap((block) => (block.type === "tool_use" ? [block.id] : []))[0] ?? "";
    const done = await client.messages.create({
      ...request,
      thinking,
      messages: [
        ...request.messages,
        { role: "assistant", content: streamed.content },
        { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: `wrote ${secret}` }] },
      ],
    });
    expect(done.content.at(-1)).toMatchObject({ text: `Done. wrote ${reference}` });
  });

  it("OpenAI's, chat completions", async () => {
    const client = new OpenAI({ apiKey: "dummy", baseURL: `${base("openai")}/v1`, maxRetries: 0 });
    const messages = [{ role: "user" as const, content: call }];
    const streamed = await client.chat.completions.stream({ model: "gpt-x", messages }).finalChatCompletion();
    const whole = await client.chat.completions.create({ model: "gpt-x", messages });
    for (const { choices } of [streamed, whole]) {
      const made = choices[0]?.message.tool_calls?.[0];
      expect(made?.type === "function" && JSON.parse(made.function.arguments)).toEqual(args);
    }
  });

  it("OpenAI's, responses", async () => {
    const client = new OpenAI({ apiKey: "dummy", baseURL: `${base("openai")}/v1`, maxRetries: 0 });
    const request = { model: "gpt-x", input: call, reasoning: { effort: "low", summary: "detailed" } } as const;
    const streamed = await client.responses.stream(request).finalResponse();
    const whole = await client.responses.create(request);
    for (const { output } of [streamed, whole]) {
      expect(output.map(({ type }) => type)).toEqual(["reasoning", "function_call"]);
      const made = output.at(-1);
      expect(made?.type === "function_call" && JSON.parse(made.arguments)).toEqual(args);
    }
    const made = whole.output.flatMap((item) => (item.type === "function_call" ? [item] : []))[0];
    const result = { type: "function_call_output" as const, call_id: made?.call_id ?? "", output: `wrote ${secret}` };
    const items = whole.output as OpenAI.Responses.ResponseInputItem[];
    const done = await client.responses.create({
      ...request,
      input: [{ role: "user", content: call }, ...items, result],
    });
    expect(done.output_text).toBe(`Done. wrote ${reference}`);
  });

  it("Google's", async () => {
    const client = new GoogleGenAI({ apiKey: "dummy", httpOptions: { baseUrl: base("google") } });
    const request = { model: "gemini-3-x", contents: call };
    const whole = await client.models.generateContent(request);
    const chunks = [];
    for await (const chunk of await client.models.generateContentStream(request)) chunks.push(chunk);
    for (const { functionCalls } of [whole, chunks.at(-1)!]) expect(functionCalls?.[0]?.args).toEqual(args);
    const done = await client.models.generateContent({
      ...request,
      contents: [
        { role: "user", parts: [{ text: call }] },
        whole.candidates?.[0]?.content ?? {},
        { role: "user", parts: [{ functionResponse: { name: "file", response: { output: `wrote ${secret}` } } }] },
      ],
    });
    expect(done.text).toBe(`Done. wrote ${reference}`);
  });

  it("sent no secret in any of these", () => {
    expect(sentBodies().length).toBeGreaterThan(8);
    for (const body of sentBodies()) {
      expect(body).not.toContain(secret);
      expect(body).toContain(reference);
    }
  });
});
