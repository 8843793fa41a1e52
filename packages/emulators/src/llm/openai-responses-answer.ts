/** Answers of the Responses format: https://platform.openai.com/docs/api-reference/responses-streaming */
import { randomBytes } from "node:crypto";
import { sealedThought, thoughtOf } from "./thoughts.ts";
import type { Turn } from "./turn.ts";
import { piecesOf, type UsageNumbers } from "./usage-numbers.ts";
import type { WireRequest } from "./wire-format.ts";

interface Reasoning {
  id: string;
  type: "reasoning";
  summary: { type: "summary_text"; text: string }[];
  encrypted_content: string;
}
interface Message {
  id: string;
  type: "message";
  status: string;
  role: "assistant";
  content: { type: "output_text"; annotations: []; logprobs: []; text: string }[];
}
interface Call {
  id: string;
  type: "function_call";
  status: string;
  arguments: string;
  call_id: string;
  name: string;
}
type Item = Reasoning | Message | Call;

const textPart = (text: string) => ({ type: "output_text" as const, annotations: [] as [], logprobs: [] as [], text });

/** The items of an answer; the ids of a thought and of what follows it end alike. */
export function outputOf(request: WireRequest, turn: Turn): Item[] {
  const thought = thoughtOf(turn, request.thinks);
  const suffix = `${randomBytes(24).toString("hex")}${thought === null ? "" : "r"}`;
  const summary = thought !== null && request.showsThoughts ? [{ type: "summary_text" as const, text: thought }] : [];
  const said: Message | Call =
    "tool" in turn
      ? {
          id: `fc_${suffix}`,
          type: "function_call",
          status: "completed",
          arguments: JSON.stringify(turn.args),
          call_id: `call_${randomBytes(12).toString("hex")}`,
          name: turn.tool,
        }
      : {
          id: `msg_${suffix}`,
          type: "message",
          status: "completed",
          role: "assistant",
          content: [textPart(turn.text)],
        };
  if (thought === null) return [said];
  return [{ id: `rs_${suffix}`, type: "reasoning", summary, encrypted_content: sealedThought() }, said];
}

const usageBody = (usage: UsageNumbers) => {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  return {
    input_tokens: prompt,
    input_tokens_details: { cached_tokens: usage.cacheRead, cache_write_tokens: usage.cacheWrite },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.thoughts },
    total_tokens: prompt + usage.output,
  };
};

/** `usage` is null while the answer is under way. */
export function responseOf(
  request: WireRequest,
  answer: { id: string; output: Item[]; usage: UsageNumbers | null; createdAt?: number },
) {
  return {
    id: `resp_${answer.id}`,
    object: "response",
    created_at: answer.createdAt ?? Math.floor(Date.now() / 1000),
    status: answer.usage ? "completed" : "in_progress",
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    model: request.model,
    output: answer.output,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: request.thinks ? "medium" : null, summary: request.showsThoughts ? "detailed" : null },
    service_tier: "default",
    store: false,
    temperature: 1,
    text: { format: { type: "text" }, verbosity: "medium" },
    tool_choice: "auto",
    tools: [],
    top_p: 1,
    truncation: "disabled",
    usage: answer.usage ? usageBody(answer.usage) : null,
    user: null,
    metadata: {},
  };
}

type Fields = { type: string } & Record<string, unknown>;

function reasoningEvents(item: Reasoning, output_index: number): Fields[] {
  const place = { item_id: item.id, output_index };
  return item.summary.flatMap((part, summary_index) => [
    { type: "response.reasoning_summary_part.added", ...place, summary_index, part: { ...part, text: "" } },
    ...piecesOf(part.text).map((delta) => ({
      type: "response.reasoning_summary_text.delta",
      ...place,
      summary_index,
      delta,
    })),
    { type: "response.reasoning_summary_text.done", ...place, summary_index, text: part.text },
    { type: "response.reasoning_summary_part.done", ...place, summary_index, part },
  ]);
}

function messageEvents(item: Message, output_index: number): Fields[] {
  return item.content.flatMap((part, content_index) => {
    const place = { item_id: item.id, output_index, content_index };
    return [
      { type: "response.content_part.added", ...place, part: textPart("") },
      ...piecesOf(part.text).map((delta) => ({ type: "response.output_text.delta", ...place, delta, logprobs: [] })),
      { type: "response.output_text.done", ...place, text: part.text, logprobs: [] },
      { type: "response.content_part.done", ...place, part },
    ];
  });
}

function callEvents(item: Call, output_index: number): Fields[] {
  const place = { item_id: item.id, output_index };
  return [
    ...piecesOf(item.arguments).map((delta) => ({ type: "response.function_call_arguments.delta", ...place, delta })),
    { type: "response.function_call_arguments.done", ...place, name: item.name, arguments: item.arguments },
  ];
}

function itemEvents(item: Item, output_index: number): Fields[] {
  const [opened, between] =
    item.type === "reasoning"
      ? [{ ...item, summary: [] }, reasoningEvents(item, output_index)]
      : item.type === "message"
        ? [{ ...item, status: "in_progress", content: [] }, messageEvents(item, output_index)]
        : [{ ...item, status: "in_progress", arguments: "" }, callEvents(item, output_index)];
  return [
    { type: "response.output_item.added", output_index, item: opened },
    ...between,
    { type: "response.output_item.done", output_index, item },
  ];
}

export function responseEvents(request: WireRequest, turn: Turn, usage: UsageNumbers): string[] {
  const output = outputOf(request, turn);
  const id = randomBytes(24).toString("hex");
  const createdAt = Math.floor(Date.now() / 1000);
  const begun = responseOf(request, { id, output: [], usage: null, createdAt });
  const events: Fields[] = [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...output.flatMap(itemEvents),
    { type: "response.completed", response: responseOf(request, { id, output, usage, createdAt }) },
  ];
  return events.map(
    ({ type, ...fields }, sequence_number) =>
      `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number, ...fields })}\n\n`,
  );
}
