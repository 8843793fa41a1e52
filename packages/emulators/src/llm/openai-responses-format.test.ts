import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type LlmEmulator, startLlmEmulator } from "./index.ts";

type ResponseStreamEvent = OpenAI.Responses.ResponseStreamEvent;
type InputItem = OpenAI.Responses.ResponseInputItem;

const key = "openai-key-of-this-test";
const call = '[[tool run_command {"command":"echo \\"}]]\\" done"}]]';
let emulator: LlmEmulator;
let openai: OpenAI;
beforeAll(async () => {
  emulator = await startLlmEmulator({ port: 0, anthropicKey: "other", openaiKey: key });
  openai = new OpenAI({ apiKey: key, baseURL: emulator.openaiUrl, maxRetries: 0 });
});
afterAll(() => emulator.close());

const thinking = { reasoning: { effort: "medium", summary: "detailed" } } as const;
const create = (input: string | InputItem[], more: Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming> = {}) =>
  openai.responses.create({ model: "gpt-x", input, ...more, stream: false });

describe("OpenAI's own client reads the emulator's answers", () => {
  it("puts a stream together to the final response, with the same numbers as a whole answer", async () => {
    const pieces: string[] = [];
    const stream = openai.responses.stream({ model: "gpt-x", input: "hello over there" });
    stream.on("response.output_text.delta", ({ delta }) => pieces.push(delta));
    const streamed = await stream.finalResponse();
    expect(pieces.length).toBeGreaterThan(3);
    expect(streamed.output_text).toBe(pieces.join(""));
    const whole = await create("hello over there");
    expect(whole.output_text).toBe(streamed.output_text);
    expect(whole.usage?.output_tokens).toBe(streamed.usage?.output_tokens);
    const { input_tokens: input = 0, output_tokens: output = 0 } = streamed.usage ?? {};
    expect(streamed.usage?.total_tokens).toBe(input + output);
    expect(streamed.usage?.input_tokens_details.cached_tokens).toBeGreaterThan(0);
  });

  it("streams a call's arguments in pieces, after a thought that is summed up and sealed", async () => {
    const stream = openai.responses.stream({ model: "gpt-x", input: call, ...thinking });
    const { output, usage } = await stream.finalResponse();
    expect(output.map(({ type }) => type)).toEqual(["reasoning", "function_call"]);
    const [thought, made] = output;
    if (thought?.type !== "reasoning" || made?.type !== "function_call")
      throw new Error("expected a thought and a call");
    expect(thought.summary[0]?.text).toContain("run_command");
    expect(JSON.parse(made.arguments)).toEqual({ command: 'echo "}]]" done' });
    expect(usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
  });
});

const index = z.int().nonnegative();
const textPart = z.strictObject({
  type: z.literal("output_text"),
  annotations: z.array(z.never()),
  logprobs: z.array(z.never()),
  text: z.string(),
});
const status = z.enum(["in_progress", "completed"]);
const item = z.discriminatedUnion("type", [
  z.strictObject({
    id: z.string().startsWith("rs_"),
    type: z.literal("reasoning"),
    summary: z.array(z.strictObject({ type: z.literal("summary_text"), text: z.string() })),
    encrypted_content: z.string(),
  }),
  z.strictObject({
    id: z.string().startsWith("msg_"),
    type: z.literal("message"),
    status,
    role: z.literal("assistant"),
    content: z.array(textPart),
  }),
  z.strictObject({
    id: z.string().startsWith("fc_"),
    type: z.literal("function_call"),
    status,
    arguments: z.string(),
    call_id: z.string().startsWith("call_"),
    name: z.string(),
  }),
]);
const usage = z.strictObject({
  input_tokens: z.int().positive(),
  input_tokens_details: z.strictObject({ cached_tokens: z.int(), cache_write_tokens: z.int() }),
  output_tokens: z.int().positive(),
  output_tokens_details: z.strictObject({ reasoning_tokens: z.int() }),
  total_tokens: z.int().positive(),
});
/** What `Response` of the API description always has; the client's own type fills in `output_text`. */
const response = z.looseObject({
  id: z.string().startsWith("resp_"),
  object: z.literal("response"),
  created_at: z.int(),
  status,
  error: z.null(),
  incomplete_details: z.null(),
  instructions: z.null(),
  metadata: z.record(z.string(), z.string()),
  model: z.string(),
  output: z.array(item),
  parallel_tool_calls: z.boolean(),
  temperature: z.number(),
  tool_choice: z.literal("auto"),
  tools: z.array(z.never()),
  top_p: z.number(),
  usage: usage.nullable(),
});
type Described<Type extends ResponseStreamEvent["type"]> = z.ZodType<Extract<ResponseStreamEvent, { type: Type }>>;
const event = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), sequence_number: index, ...shape });
const place = { item_id: z.string(), output_index: index };
const content = { ...place, content_index: index };
const summary = { ...place, summary_index: index };
const summaryPart = z.strictObject({ type: z.literal("summary_text"), text: z.string() });

/** Strict (no field more), and each held to the type of the client (no field less). */
const events = {
  "response.content_part.added": event("response.content_part.added", { ...content, part: textPart }),
  "response.content_part.done": event("response.content_part.done", { ...content, part: textPart }),
  "response.output_text.delta": event("response.output_text.delta", {
    ...content,
    delta: z.string(),
    logprobs: z.array(z.never()),
  }),
  "response.output_text.done": event("response.output_text.done", {
    ...content,
    text: z.string(),
    logprobs: z.array(z.never()),
  }),
  "response.output_item.added": event("response.output_item.added", { output_index: index, item }),
  "response.output_item.done": event("response.output_item.done", { output_index: index, item }),
  "response.function_call_arguments.delta": event("response.function_call_arguments.delta", {
    ...place,
    delta: z.string(),
  }),
  "response.function_call_arguments.done": event("response.function_call_arguments.done", {
    ...place,
    name: z.string(),
    arguments: z.string(),
  }),
  "response.reasoning_summary_part.added": event("response.reasoning_summary_part.added", {
    ...summary,
    part: summaryPart,
  }),
  "response.reasoning_summary_part.done": event("response.reasoning_summary_part.done", {
    ...summary,
    part: summaryPart,
  }),
  "response.reasoning_summary_text.delta": event("response.reasoning_summary_text.delta", {
    ...summary,
    delta: z.string(),
  }),
  "response.reasoning_summary_text.done": event("response.reasoning_summary_text.done", {
    ...summary,
    text: z.string(),
  }),
} satisfies { [Type in ResponseStreamEvent["type"]]?: Described<Type> };
const responseEvents = Object.fromEntries(
  ["response.created", "response.in_progress", "response.completed"].map((type) => [type, event(type, { response })]),
);

describe("every streamed event has the documented fields and no others", () => {
  it.each(["hello", call])("%s", async (input) => {
    const answer = await fetch(`${emulator.openaiUrl}/responses`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: "gpt-x", input, stream: true, ...thinking }),
    });
    const known: Record<string, z.ZodType> = { ...events, ...responseEvents };
    const blocks = (await answer.text()).split("\n\n").filter((block) => block !== "");
    blocks.forEach((block, at) => {
      const [, name = "", data = ""] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      const json = JSON.parse(data);
      expect(json).toMatchObject({ type: name, sequence_number: at });
      expect(known[name], name).toBeDefined();
      known[name]?.parse(json);
    });
    expect(blocks.at(-1)).toContain("event: response.completed");
  });
});

describe("a conversation that the API would refuse", () => {
  const question: InputItem = { role: "user", content: call };
  /** The items of a first answer with a thought and a call, as a client sends them back. */
  async function firstTurn(): Promise<InputItem[]> {
    const { output } = await create([question], thinking);
    return z.array(z.custom<InputItem>()).parse(output);
  }
  const resultOf = (callId: string): InputItem => ({ type: "function_call_output", call_id: callId, output: "done" });
  const callIdOf = (items: InputItem[]) =>
    items.flatMap((each) => ("call_id" in each ? [String(each.call_id)] : []))[0] ?? "";

  it("is answered when all of it comes back", async () => {
    const items = await firstTurn();
    const { output_text: text } = await create([question, ...items, resultOf(callIdOf(items))], thinking);
    expect(text).toBe("Done. done");
  });

  it.each([
    ["a result without its call", (items: InputItem[]) => [resultOf(callIdOf(items))], /No tool call found/],
    ["a call without its thought", ([, ...rest]: InputItem[]) => rest, /without its required 'reasoning' item/],
    ["a thought without what followed", ([thought]: InputItem[]) => [thought], /without its required following item/],
    [
      "an edited thought",
      ([thought, ...rest]: InputItem[]) => [{ ...thought, encrypted_content: "edited" }, ...rest],
      /could not be verified/,
    ],
  ])("%s", async (_name, change, message) => {
    const items = z.array(z.custom<InputItem>()).parse(change(await firstTurn()));
    await expect(create([question, ...items], thinking)).rejects.toThrow(message);
  });

  it.each(["{", "{}", '{"model":"m"}', '{"model":"m","input":[]}'])("the body %s", async (body) => {
    const answer = await fetch(`${emulator.openaiUrl}/responses`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body,
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { type: "invalid_request_error" } });
  });
});
