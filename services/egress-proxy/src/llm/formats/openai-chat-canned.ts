/** Answers of our own in the shape of https://platform.openai.com/docs/api-reference/chat, for the gate's self-test. */
import type { Json } from "../json.ts";
import type { CallFacts, Turn } from "../wire-format.ts";

const callOf = (turn: Turn, id: string) =>
  "tool" in turn
    ? { id: `call_${id}`, type: "function", function: { name: turn.tool, arguments: JSON.stringify(turn.args) } }
    : null;

const noUsage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
const baseOf = (model: string, id: string, object: string) => ({ id: `chatcmpl-${id}`, object, created: 0, model });

export function wholeAnswer(model: string, id: string, turn: Turn): Json {
  const call = callOf(turn, id);
  const content = "text" in turn ? turn.text : null;
  const message = { role: "assistant", content, ...(call ? { tool_calls: [call] } : {}) };
  const choice = { index: 0, message, logprobs: null, finish_reason: call ? "tool_calls" : "stop" };
  return { ...baseOf(model, id, "chat.completion"), choices: [choice], usage: noUsage };
}

export function streamedAnswer({ model }: CallFacts, id: string, turn: Turn): string[] {
  const call = callOf(turn, id);
  const chunk = (fields: object) =>
    `data: ${JSON.stringify({ ...baseOf(model, id, "chat.completion.chunk"), ...fields })}\n\n`;
  const choice = (delta: object, finish: string | null) =>
    chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
  const content = "text" in turn ? turn.text : null;
  const calls = call ? { tool_calls: [{ index: 0, ...call }] } : {};
  return [
    choice({ role: "assistant", content, ...calls }, null),
    choice({}, call ? "tool_calls" : "stop"),
    chunk({ choices: [], usage: noUsage }),
    "data: [DONE]\n\n",
  ];
}
