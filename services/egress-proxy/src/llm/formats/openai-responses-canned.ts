/** Answers of our own in the shape of https://platform.openai.com/docs/api-reference/responses, for the gate's self-test. */
import type { Json } from "../json.ts";
import type { CallFacts, Turn } from "../wire-format.ts";

const itemOf = (turn: Turn, id: string) =>
  "tool" in turn
    ? {
        id: `fc_${id}`,
        type: "function_call",
        status: "completed",
        arguments: JSON.stringify(turn.args),
        call_id: `call_${id}`,
        name: turn.tool,
      }
    : {
        id: `msg_${id}`,
        type: "message",
        status: "completed",
        role: "assistant",
        content: [{ type: "output_text", annotations: [], logprobs: [], text: turn.text }],
      };

const noUsage = {
  input_tokens: 0,
  input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
  output_tokens: 0,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 0,
};

const responseOf = (model: string, id: string, output: Json[], status: string): Json => ({
  id: `resp_${id}`,
  object: "response",
  created_at: 0,
  status,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  model,
  output,
  parallel_tool_calls: true,
  temperature: 1,
  tool_choice: "auto",
  tools: [],
  top_p: 1,
  usage: status === "completed" ? noUsage : null,
});

export const wholeAnswer = (model: string, id: string, turn: Turn): Json =>
  responseOf(model, id, [itemOf(turn, id)], "completed");

function textEvents(item: Json, text: string): [string, object][] {
  const place = { item_id: item.id, output_index: 0, content_index: 0 };
  const part = (said: string) => ({ type: "output_text", annotations: [], logprobs: [], text: said });
  return [
    ["response.output_item.added", { output_index: 0, item: { ...item, status: "in_progress", content: [] } }],
    ["response.content_part.added", { ...place, part: part("") }],
    ["response.output_text.delta", { ...place, delta: text, logprobs: [] }],
    ["response.output_text.done", { ...place, text, logprobs: [] }],
    ["response.content_part.done", { ...place, part: part(text) }],
  ];
}

function callEvents(item: Json, args: string): [string, object][] {
  const place = { item_id: item.id, output_index: 0 };
  return [
    ["response.output_item.added", { output_index: 0, item: { ...item, status: "in_progress", arguments: "" } }],
    ["response.function_call_arguments.delta", { ...place, delta: args }],
    ["response.function_call_arguments.done", { ...place, name: item.name, arguments: args }],
  ];
}

export function streamedAnswer({ model }: CallFacts, id: string, turn: Turn): string[] {
  const item = itemOf(turn, id);
  const begun = { response: responseOf(model, id, [], "in_progress") };
  const events: [string, object][] = [
    ["response.created", begun],
    ["response.in_progress", begun],
    ...("tool" in turn ? callEvents(item, JSON.stringify(turn.args)) : textEvents(item, turn.text)),
    ["response.output_item.done", { output_index: 0, item }],
    ["response.completed", { response: responseOf(model, id, [item], "completed") }],
  ];
  return events.map(
    ([type, fields], at) => `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: at, ...fields })}\n\n`,
  );
}
