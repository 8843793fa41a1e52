/** Answers of our own in the shape of https://docs.claude.com/en/api/messages, for turns of the gate's self-test. */
import type { Json } from "../json.ts";
import type { CallFacts, Turn } from "../wire-format.ts";

const blockOf = (turn: Turn, id: string) =>
  "tool" in turn
    ? { type: "tool_use", id: `toolu_${id}`, name: turn.tool, input: turn.args }
    : { type: "text", text: turn.text };

export const wholeAnswer = (model: string, id: string, turn: Turn): Json => ({
  id: `msg_${id}`,
  type: "message",
  role: "assistant",
  model,
  content: [blockOf(turn, id)],
  stop_reason: "tool" in turn ? "tool_use" : "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 },
});

export function streamedAnswer({ model }: CallFacts, id: string, turn: Turn): string[] {
  const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  const message = wholeAnswer(model, id, turn);
  const block = blockOf(turn, id);
  const opened = "input" in block ? { ...block, input: {} } : { type: "text", text: "" };
  const delta =
    "tool" in turn
      ? { type: "input_json_delta", partial_json: JSON.stringify(turn.args) }
      : { type: "text_delta", text: turn.text };
  return [
    event("message_start", { message: { ...message, content: [], stop_reason: null } }),
    event("content_block_start", { index: 0, content_block: opened }),
    event("content_block_delta", { index: 0, delta }),
    event("content_block_stop", { index: 0 }),
    event("message_delta", {
      delta: { stop_reason: message.stop_reason, stop_sequence: null },
      usage: { output_tokens: 0 },
    }),
    event("message_stop", {}),
  ];
}
