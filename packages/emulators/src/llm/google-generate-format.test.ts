import { type Content, type GenerateContentResponse, GoogleGenAI, ThinkingLevel } from "@google/genai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type LlmEmulator, startLlmEmulator } from "./index.ts";

const key = "google-key-of-this-test";
const call = '[[tool run_command {"command":"echo \\"}]]\\" done"}]]';
let emulator: LlmEmulator;
let google: GoogleGenAI;
beforeAll(async () => {
  emulator = await startLlmEmulator({ port: 0, anthropicKey: "other", openaiKey: "another", googleKey: key });
  google = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: emulator.googleUrl } });
});
afterAll(() => emulator.close());

const generate = (contents: string | Content[], config: object = {}, model = "gemini-x") =>
  google.models.generateContent({ model, contents, config });
const post = (method: string, body: unknown, more: { key?: string; query?: string } = {}) =>
  fetch(`${emulator.googleUrl}/v1beta/models/gemini-3-x:${method}${more.query ?? ""}`, {
    method: "POST",
    headers: { "x-goog-api-key": more.key ?? key },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const ask = (text: string) => ({ contents: [{ role: "user", parts: [{ text }] }] });

describe("Google's own client reads the emulator's answers", () => {
  it("streams text in pieces that add up to the whole answer, with the same numbers at the end", async () => {
    const chunks: GenerateContentResponse[] = [];
    const stream = await google.models.generateContentStream({ model: "gemini-x", contents: "hello over there" });
    for await (const chunk of stream) chunks.push(chunk);
    const whole = await generate("hello over there");
    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks.map(({ text }) => text ?? "").join("")).toBe(whole.text);
    const numbers = chunks.at(-1)?.usageMetadata;
    expect(numbers?.candidatesTokenCount).toBe(whole.usageMetadata?.candidatesTokenCount);
    const { promptTokenCount: prompt = 0, candidatesTokenCount: output = 0 } = numbers ?? {};
    expect(numbers?.totalTokenCount).toBe(prompt + output);
    expect(numbers?.cachedContentTokenCount).toBeGreaterThan(0);
  });

  it("shows thoughts when asked, counts them apart, and signs the call", async () => {
    const thinking = { thinkingConfig: { includeThoughts: true, thinkingLevel: ThinkingLevel.HIGH } };
    const answer = await generate(call, thinking, "gemini-3-x");
    const [thought, made] = answer.candidates?.[0]?.content?.parts ?? [];
    expect(thought).toMatchObject({ thought: true, text: expect.stringContaining("run_command") });
    expect(made).toMatchObject({ thoughtSignature: expect.any(String) });
    expect(answer.functionCalls).toEqual([{ name: "run_command", args: { command: 'echo "}]]" done' } }]);
    expect(answer.usageMetadata?.thoughtsTokenCount).toBeGreaterThan(0);
  });
});

const count = z.int().positive();
const modality = z.array(z.strictObject({ modality: z.literal("TEXT"), tokenCount: count }));
const chunkShape = z.strictObject({
  candidates: z.tuple([
    z.strictObject({
      content: z.strictObject({
        role: z.literal("model"),
        parts: z.array(
          z.strictObject({
            text: z.string().optional(),
            thought: z.literal(true).optional(),
            thoughtSignature: z.base64().optional(),
            functionCall: z.strictObject({ name: z.string(), args: z.record(z.string(), z.unknown()) }).optional(),
          }),
        ),
      }),
      finishReason: z.literal("STOP").optional(),
      index: z.literal(0),
    }),
  ]),
  usageMetadata: z.strictObject({
    promptTokenCount: count,
    candidatesTokenCount: count.optional(),
    totalTokenCount: count,
    cachedContentTokenCount: count,
    promptTokensDetails: modality,
    cacheTokensDetails: modality,
    thoughtsTokenCount: count.optional(),
  }),
  modelVersion: z.string(),
  responseId: z.string(),
});

describe("every chunk has the documented fields and no others", () => {
  it.each(["hello", call])("in both framings: %s", async (text) => {
    const body = { ...ask(text), generationConfig: { thinkingConfig: { includeThoughts: true } } };
    const sse = await post("streamGenerateContent", body, { query: "?alt=sse" });
    expect(sse.headers.get("content-type")).toContain("text/event-stream");
    const events = (await sse.text()).split("\r\n\r\n").filter((event) => event !== "");
    const chunks = events.map((event) => chunkShape.parse(JSON.parse(event.replace(/^data: /, ""))));
    expect(chunks.at(-1)?.candidates[0].finishReason).toBe("STOP");
    const list = await post("streamGenerateContent", body);
    expect(list.headers.get("content-type")).toContain("application/json");
    expect(z.array(chunkShape).parse(await list.json())).toHaveLength(chunks.length);
  });
});

describe("a request that the API would refuse", () => {
  const question: Content = { role: "user", parts: [{ text: call }] };
  async function firstTurn(): Promise<Content> {
    const { candidates } = await generate([question], {}, "gemini-3-x");
    return candidates?.[0]?.content ?? {};
  }
  const result: Content = {
    role: "user",
    parts: [{ functionResponse: { name: "run_command", response: { output: "done" } } }],
  };

  it("is answered when the signed call comes back with its result", async () => {
    const answer = await generate([question, await firstTurn(), result], {}, "gemini-3-x");
    expect(answer.text).toBe("Done. done");
  });

  it.each([
    ["a call without its signature", undefined, /missing a thought_signature/],
    ["an edited signature", "ZWRpdGVk", /signature is not valid/],
  ])("%s", async (_name, thoughtSignature, message) => {
    const { parts = [] } = await firstTurn();
    const changed = parts.map((part) => ({ ...part, thoughtSignature })) as Content["parts"] & object;
    await expect(generate([question, { role: "model", parts: changed }, result], {}, "gemini-3-x")).rejects.toThrow(
      message,
    );
  });

  it("results that do not fit the calls", async () => {
    const contents = [question, { role: "model", parts: [{ text: "no call" }] }, result];
    await expect(generate(contents, {}, "gemini-3-x")).rejects.toThrow(/number of function response parts/);
  });

  it.each([
    ["generateContent", "{", 400],
    ["generateContent", { contents: [] }, 400],
    ["countTokens", ask("hi"), 404],
  ])("%s with %j", async (method, body, status) => {
    const answer = await post(method, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { code: status, status: expect.any(String) } });
  });

  it("with a wrong key", async () => {
    const answer = await post("generateContent", ask("hi"), { key: "wrong" });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining("API key not valid") } });
    const seen = emulator.requests().at(-1)?.headers["x-goog-api-key"];
    expect(seen).toMatch(/^sha256:/);
  });
});
