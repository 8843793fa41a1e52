/** Anthropic Messages API, version 2023-06-01: https://docs.claude.com/en/api/messages and .../messages-streaming */
import type { TokenCounts } from "../ledger/usage-ledger.ts";
import { countOf, isJson, type Json, listOf, type Provider, stringLeaves, type Turn } from "./provider.ts";

const errorTypes: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
};

/** Blocks whose text the provider signed, in the order in which they stand. */
const signedBlocks = (body: Json): Json[] =>
  listOf(body.messages)
    .flatMap((message) => listOf(message.content))
    .filter((block) => block.type === "thinking" || block.type === "redacted_thinking");

function readUsage(body: Json, counts: Partial<TokenCounts>): Partial<TokenCounts> {
  const holder = body.type === "message_start" && isJson(body.message) ? body.message : body;
  if (!isJson(holder.usage)) return counts;
  const { usage } = holder;
  // Each number is a running total: a later event replaces what an earlier one said.
  const found = {
    input: countOf(usage.input_tokens),
    output: countOf(usage.output_tokens),
    cache_read: countOf(usage.cache_read_input_tokens),
    cache_write: countOf(usage.cache_creation_input_tokens),
  };
  const known = Object.fromEntries(Object.entries(found).filter(([, tokens]) => tokens !== undefined));
  return { ...counts, ...known };
}

const blockOf = (turn: Turn, id: string) =>
  "tool" in turn
    ? { type: "tool_use", id: `toolu_${id}`, name: turn.tool, input: turn.args }
    : { type: "text", text: turn.text };

const wholeAnswer = (model: string, id: string, turn: Turn): Json => ({
  id: `msg_${id}`,
  type: "message",
  role: "assistant",
  model,
  content: [blockOf(turn, id)],
  stop_reason: "tool" in turn ? "tool_use" : "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 },
});

function streamedAnswer(model: string, id: string, turn: Turn): string[] {
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

export const anthropic: Provider = {
  api: "anthropic",
  path: "/v1/messages",
  keyHeaders: (apiKey) => ({ "x-api-key": apiKey }),
  errorBody: (status, message) => ({
    type: "error",
    error: { type: errorTypes[status] ?? (status < 500 ? "invalid_request_error" : "api_error"), message },
  }),
  prepare: (body) => body,
  breaksSignature: (body, redacted) => {
    const after = signedBlocks(redacted);
    return signedBlocks(body).some((block, at) => JSON.stringify(block) !== JSON.stringify(after[at]));
  },
  outputLimit: (body) => countOf(body.max_tokens) ?? 0,
  readUsage,
  streamedTexts: (event) => {
    if (event.type !== "content_block_delta" || !isJson(event.delta)) return [];
    const kind = String(event.delta.type);
    return stringLeaves(event.delta, ["delta"])
      .filter((path) => path.at(-1) !== "type")
      .map((path) => ({ key: `${event.index}:${kind}:${path.join(".")}`, path }));
  },
  endsTexts: (event) => (event.type === "content_block_stop" ? [`${event.index}:`] : []),
  isLast: (_data, event) => event?.type === "message_stop",
  isOwnEvent: () => false,
  wholeAnswer,
  streamedAnswer,
};
