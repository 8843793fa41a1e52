import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type LlmEmulator, startLlmEmulator } from "./index.ts";

const keys = { anthropicKey: "anthropic-key-of-this-test", openaiKey: "openai-key-of-this-test" };
const call = '[[tool run_command {"command":"echo \\"}]]\\" done"}]]';

let folder: string;
let emulator: LlmEmulator;
let anthropic: Anthropic;
let openai: OpenAI;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "berth-llm-"));
  emulator = await startLlmEmulator({ port: 0, ...keys, logFile: join(folder, "requests.jsonl") });
  anthropic = new Anthropic({ apiKey: keys.anthropicKey, baseURL: emulator.anthropicUrl, maxRetries: 0 });
  openai = new OpenAI({ apiKey: keys.openaiKey, baseURL: emulator.openaiUrl, maxRetries: 0 });
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const ask = (text: string) => [{ role: "user" as const, content: text }];
const post = (path: string, headers: Record<string, string>, body: string) =>
  fetch(`${emulator.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
const anthropicHeaders = { "x-api-key": keys.anthropicKey, "anthropic-version": "2023-06-01" };
const openaiHeaders = { authorization: `Bearer ${keys.openaiKey}` };

/** `event:` and `data:` of a raw stream. */
async function eventsOf(response: Response): Promise<{ event: string | null; data: string }[]> {
  const text = await response.text();
  return text.split("\n\n").flatMap((block) => {
    const data = /^data: (.*)$/m.exec(block)?.[1];
    return data === undefined ? [] : [{ event: /^event: (.*)$/m.exec(block)?.[1] ?? null, data }];
  });
}

describe("Anthropic's own client reads the emulator's answers", () => {
  it("streams text in several pieces that add up to the final message, with four kinds of tokens", async () => {
    const pieces: string[] = [];
    const stream = anthropic.messages.stream({ model: "claude-x", max_tokens: 100, messages: ask("hello over there") });
    stream.on("text", (piece) => pieces.push(piece));
    const message = await stream.finalMessage();
    expect(pieces.length).toBeGreaterThan(3);
    expect(message.content).toEqual([expect.objectContaining({ type: "text", text: pieces.join("") })]);
    expect(message.stop_reason).toBe("end_turn");
    const { input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens } = message.usage;
    for (const tokens of [input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens]) {
      expect(tokens).toBeGreaterThan(0);
    }
  });

  it("streams a tool call's input in pieces, braces and markers inside strings included", async () => {
    const stream = anthropic.messages.stream({ model: "claude-x", max_tokens: 100, messages: ask(call) });
    const message = await stream.finalMessage();
    expect(message.stop_reason).toBe("tool_use");
    expect(message.content).toEqual([
      expect.objectContaining({ type: "tool_use", name: "run_command", input: { command: 'echo "}]]" done' } }),
    ]);
  });

  it("answers the same numbers streamed and whole", async () => {
    const request = { model: "claude-x", max_tokens: 100, messages: ask("list my files") };
    const whole = await anthropic.messages.create({ ...request, stream: false });
    const streamed = await anthropic.messages.stream(request).finalMessage();
    expect(streamed.usage.output_tokens).toBe(whole.usage.output_tokens);
  });
});

describe("OpenAI's own client reads the emulator's answers", () => {
  it("streams text in chunks, and usage in a last chunk when asked", async () => {
    const stream = openai.chat.completions.stream({
      model: "gpt-x",
      messages: ask("hello over there"),
      stream_options: { include_usage: true },
    });
    const completion = await stream.finalChatCompletion();
    expect(completion.choices[0]?.message.content).toContain("hello over there");
    expect(completion.choices[0]?.finish_reason).toBe("stop");
    expect(completion.usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThan(0);
    const { prompt_tokens: prompt = 0, completion_tokens: output = 0 } = completion.usage ?? {};
    expect(completion.usage?.total_tokens).toBe(prompt + output);
  });

  it("streams a tool call's arguments in pieces", async () => {
    const completion = await openai.chat.completions
      .stream({ model: "gpt-x", messages: ask(call) })
      .finalChatCompletion();
    expect(completion.choices[0]?.finish_reason).toBe("tool_calls");
    const made = completion.choices[0]?.message.tool_calls?.[0];
    if (made?.type !== "function") throw new Error("expected a function call");
    expect(JSON.parse(made.function.arguments)).toEqual({ command: 'echo "}]]" done' });
  });

  it("sends no usage chunk unless asked", async () => {
    const body = JSON.stringify({ model: "gpt-x", stream: true, messages: ask("hi") });
    const events = await eventsOf(await post("/v1/chat/completions", openaiHeaders, body));
    expect(events.at(-1)?.data).toBe("[DONE]");
    expect(events.some(({ data }) => data.includes('"usage"'))).toBe(false);
  });
});

/** Field for field what the providers' API descriptions list; a strict object refuses anything more. */
const anthropicUsage = z.strictObject({
  input_tokens: z.int().positive(),
  cache_creation_input_tokens: z.int().positive(),
  cache_read_input_tokens: z.int().positive(),
  output_tokens: z.int().positive(),
  service_tier: z.enum(["standard", "priority", "batch"]),
});
const anthropicMessage = z.strictObject({
  id: z.string().startsWith("msg_"),
  type: z.literal("message"),
  role: z.literal("assistant"),
  model: z.string(),
  content: z.array(
    z.union([
      z.strictObject({ type: z.literal("text"), text: z.string() }),
      z.strictObject({
        type: z.literal("tool_use"),
        id: z.string().startsWith("toolu_"),
        name: z.string(),
        input: z.record(z.string(), z.unknown()),
      }),
    ]),
  ),
  stop_reason: z.enum(["end_turn", "tool_use"]).nullable(),
  stop_sequence: z.null(),
  usage: anthropicUsage,
});
const index = z.int().nonnegative();
const anthropicEvents: Record<string, z.ZodType> = {
  message_start: z.strictObject({ type: z.literal("message_start"), message: anthropicMessage }),
  content_block_start: z.strictObject({
    type: z.literal("content_block_start"),
    index,
    content_block: anthropicMessage.shape.content.element,
  }),
  ping: z.strictObject({ type: z.literal("ping") }),
  content_block_delta: z.strictObject({
    type: z.literal("content_block_delta"),
    index,
    delta: z.union([
      z.strictObject({ type: z.literal("text_delta"), text: z.string() }),
      z.strictObject({ type: z.literal("input_json_delta"), partial_json: z.string() }),
    ]),
  }),
  content_block_stop: z.strictObject({ type: z.literal("content_block_stop"), index }),
  message_delta: z.strictObject({
    type: z.literal("message_delta"),
    delta: z.strictObject({ stop_reason: z.string(), stop_sequence: z.null() }),
    usage: z.strictObject({ output_tokens: z.int().positive() }),
  }),
  message_stop: z.strictObject({ type: z.literal("message_stop") }),
};
const openaiChunk = z.strictObject({
  id: z.string().startsWith("chatcmpl-"),
  object: z.literal("chat.completion.chunk"),
  created: z.int(),
  model: z.string(),
  service_tier: z.string(),
  system_fingerprint: z.string(),
  choices: z.array(
    z.strictObject({
      index,
      delta: z.strictObject({
        role: z.literal("assistant").optional(),
        content: z.string().nullish(),
        refusal: z.null().optional(),
        tool_calls: z
          .array(
            z.strictObject({
              index,
              id: z.string().optional(),
              type: z.literal("function").optional(),
              function: z.strictObject({ name: z.string().optional(), arguments: z.string() }),
            }),
          )
          .optional(),
      }),
      logprobs: z.null(),
      finish_reason: z.enum(["stop", "tool_calls"]).nullable(),
    }),
  ),
  usage: z
    .strictObject({
      prompt_tokens: z.int().positive(),
      completion_tokens: z.int().positive(),
      total_tokens: z.int().positive(),
      prompt_tokens_details: z.strictObject({
        cached_tokens: z.int().positive(),
        cache_write_tokens: z.int().positive(),
        audio_tokens: z.int(),
      }),
      completion_tokens_details: z.strictObject({
        reasoning_tokens: z.int(),
        audio_tokens: z.int(),
        accepted_prediction_tokens: z.int(),
        rejected_prediction_tokens: z.int(),
      }),
    })
    .nullable(),
});

describe("every streamed event has the documented fields and no others", () => {
  it.each(["hello", call])("Anthropic: %s", async (text) => {
    const body = JSON.stringify({ model: "claude-x", max_tokens: 9, stream: true, messages: ask(text) });
    const events = await eventsOf(await post("/v1/messages", anthropicHeaders, body));
    expect([events[0]?.event, events.at(-1)?.event]).toEqual(["message_start", "message_stop"]);
    expect(new Set(events.map(({ event }) => event))).toEqual(new Set(Object.keys(anthropicEvents)));
    for (const { event, data } of events) anthropicEvents[event ?? ""]?.parse(JSON.parse(data));
  });

  it.each(["hello", call])("OpenAI: %s", async (text) => {
    const options = { stream: true, stream_options: { include_usage: true } };
    const body = JSON.stringify({ model: "gpt-x", ...options, messages: ask(text) });
    const events = await eventsOf(await post("/v1/chat/completions", openaiHeaders, body));
    expect(events.pop()?.data).toBe("[DONE]");
    const chunks = events.map(({ data }) => openaiChunk.parse(JSON.parse(data)));
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    expect(chunks.at(-1)?.choices).toEqual([]);
  });
});

describe("errors come in the provider's shape", () => {
  it("refuses a wrong key with 401", async () => {
    const anthropicAnswer = await post("/v1/messages", { ...anthropicHeaders, "x-api-key": "wrong" }, "{}");
    expect(anthropicAnswer.status).toBe(401);
    expect(await anthropicAnswer.json()).toMatchObject({ type: "error", error: { type: "authentication_error" } });
    const openaiAnswer = await post("/v1/chat/completions", { authorization: "Bearer wrong" }, "{}");
    expect(openaiAnswer.status).toBe(401);
    expect(await openaiAnswer.json()).toMatchObject({ error: { code: "invalid_api_key" } });
  });

  it.each([
    "{",
    "{}",
    '{"model":"m","max_tokens":5,"messages":[]}',
    '{"model":7,"max_tokens":5,"messages":[{"role":"x"}]}',
  ])("refuses the body %s with 400", async (body) => {
    const anthropicAnswer = await post("/v1/messages", anthropicHeaders, body);
    expect(anthropicAnswer.status).toBe(400);
    expect(await anthropicAnswer.json()).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
    const openaiAnswer = await post("/v1/chat/completions", openaiHeaders, body);
    expect(openaiAnswer.status).toBe(400);
    expect(await openaiAnswer.json()).toMatchObject({ error: { type: "invalid_request_error" } });
  });

  it("refuses a tool result that answers no call", async () => {
    const orphan = [{ role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_none", content: "x" }] }];
    const body = JSON.stringify({ model: "claude-x", max_tokens: 5, messages: orphan });
    expect((await post("/v1/messages", anthropicHeaders, body)).status).toBe(400);
    const stray = JSON.stringify({ model: "gpt-x", messages: [{ role: "tool", tool_call_id: "none", content: "x" }] });
    expect((await post("/v1/chat/completions", openaiHeaders, stray)).status).toBe(400);
  });

  it("answers an unknown path with 404", async () => {
    expect((await post("/v1/complete", anthropicHeaders, "{}")).status).toBe(404);
    expect((await post("/v1/embeddings", openaiHeaders, "{}")).status).toBe(404);
  });
});

describe("the script in the message", () => {
  const answer = async (messages: OpenAI.ChatCompletionMessageParam[]) => {
    const completion = await openai.chat.completions.create({ model: "gpt-x", messages });
    return completion.choices[0]?.message;
  };
  const context = "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>\n[[tool exec {}]]\n<<<END_OPENCLAW_INTERNAL_CONTEXT>>>";

  it("makes one call a turn, in order, then reports the last result, over OpenClaw's own trailing message", async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: "system", content: "you are a test" },
      {
        role: "user",
        content: 'Runtime: name=x host=y\n[Sat 2026-11-21 04:58 UTC] [[tool a {"n":1}]] then [[tool b {"n":2}]]',
      },
    ];
    for (const name of ["a", "b"]) {
      const message = await answer([...messages, { role: "user", content: context }]);
      const made = message?.tool_calls?.[0];
      if (made?.type !== "function") throw new Error("expected a call");
      expect(made.function.name).toBe(name);
      messages.push(
        { role: "assistant", content: null, tool_calls: [made] },
        { role: "tool", tool_call_id: made.id, content: `result of ${name}` },
      );
    }
    const last = await answer([...messages, { role: "user", content: context }]);
    expect(last?.content).toBe("Done. result of b");
  });

  it("reads the same out of Anthropic's blocks, where results and context share a user message", async () => {
    const message = await anthropic.messages.create({
      model: "claude-x",
      max_tokens: 50,
      messages: [
        { role: "user", content: "list my files" },
        { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "file", input: { op: "list" } }] },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "toolu_1", content: [{ type: "text", text: "a.txt" }] },
            { type: "text", text: context },
          ],
        },
      ],
    });
    expect(message.content).toEqual([expect.objectContaining({ text: "Done. a.txt" })]);
  });

  it("reports a wake message instead of obeying what it quotes", async () => {
    const wake = '[Sat 2026-11-21 04:58 UTC] [Berth] apr_1 was approved: [[tool exec {"a":1}]]';
    expect((await answer(ask(wake)))?.content).toBe('Report: apr_1 was approved: [[tool exec {"a":1}]]');
  });

  it.each([
    ["Please delete the file old/report.pdf.", "file", { op: "delete", path: "old/report.pdf" }],
    ["list my files", "file", { op: "list", path: "." }],
    ["read the file notes.txt", "file", { op: "read", path: "notes.txt" }],
    ["write a note: buy milk", "file", { op: "write", path: "note.txt", content: "buy milk\n" }],
    ["run `ls -l`", "run_command", { command: "ls -l" }],
    ["fetch https://example.com/a", "http_request", { method: "GET", url: "https://example.com/a" }],
  ])("understands %s", async (sentence, tool, args) => {
    const made = (await answer(ask(sentence)))?.tool_calls?.[0];
    if (made?.type !== "function") throw new Error("expected a call");
    expect([made.function.name, JSON.parse(made.function.arguments)]).toEqual([tool, args]);
  });
});

it("keeps each request byte for byte in its log, but never a key", async () => {
  const body = `{ "model":"gpt-x","messages":[{"role":"user","content":"d\\u00e9j\\u00e0"}] }`;
  await post("/v1/chat/completions?trace=1", { ...openaiHeaders, "x-extra": "seen" }, body);
  await post("/v1/messages", anthropicHeaders, "{}");
  const log = readFileSync(join(folder, "requests.jsonl"), "utf8");
  const [first] = log.split("\n").map((line) => (line ? JSON.parse(line) : null));
  expect(first).toMatchObject({ body, path: "/v1/chat/completions?trace=1", headers: { "x-extra": "seen" } });
  expect(first).toEqual(emulator.requests()[0]);
  expect(log).not.toContain(keys.openaiKey);
  expect(log).not.toContain(keys.anthropicKey);
});
