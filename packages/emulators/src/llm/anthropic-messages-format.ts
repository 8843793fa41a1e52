/** Anthropic Messages API, version 2023-06-01: https://docs.claude.com/en/api/messages and .../messages-streaming */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { conversationOf } from "./conversation.ts";
import { isSealedThought, signatureOf, thoughtOf } from "./thoughts.ts";
import type { Turn } from "./turn.ts";
import { piecesOf, type UsageNumbers } from "./usage-numbers.ts";
import { jsonOf, type RawRequest, type WireError, type WireFormat, type WireRequest } from "./wire-format.ts";

const Block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  id: z.string().optional(),
  tool_use_id: z.string().optional(),
  thinking: z.string().optional(),
  signature: z.string().optional(),
  data: z.string().optional(),
  get content() {
    return z.union([z.string(), z.array(Block)]).optional();
  },
});
const Message = z.looseObject({
  role: z.enum(["user", "assistant"]),
  content: z.union([z.string(), z.array(Block)]),
});
const MessagesRequest = z.looseObject({
  model: z.string().min(1),
  max_tokens: z.int().positive(),
  messages: z.array(Message).min(1),
  stream: z.boolean().optional(),
  thinking: z.looseObject({ type: z.enum(["enabled", "adaptive", "disabled"]) }).optional(),
});

const errorOf = (status: number, type: string, message: string): WireError => ({
  status,
  body: { type: "error", error: { type, message }, request_id: idOf("req_") },
});
const idOf = (prefix: string) => `${prefix}01${randomBytes(11).toString("hex")}`;

/** A tool result must answer a tool use that came before it; Anthropic refuses the request otherwise. */
function orphanResult(messages: z.infer<typeof Message>[]): string | null {
  const known = new Set<string>();
  for (const { content } of messages) {
    for (const block of typeof content === "string" ? [] : content) {
      if (block.type === "tool_use" && block.id) known.add(block.id);
      if (block.type === "tool_result" && !known.has(block.tool_use_id ?? "")) return block.tool_use_id ?? "";
    }
  }
  return null;
}

/** https://docs.claude.com/en/docs/build-with-claude/extended-thinking: thoughts come back unchanged, and in a tool's turn at all. */
function wrongThought(messages: z.infer<typeof Message>[], thinks: boolean): string | null {
  for (const [at, { content }] of messages.entries()) {
    for (const [index, block] of (typeof content === "string" ? [] : content).entries()) {
      const changed =
        (block.type === "thinking" && signatureOf(block.thinking ?? "") !== block.signature) ||
        (block.type === "redacted_thinking" && !isSealedThought(block.data ?? ""));
      if (changed) return `messages.${at}.content.${index}: Invalid \`signature\` in \`${block.type}\` block`;
    }
  }
  const last = messages.at(-1)?.content;
  const answersTools = typeof last !== "string" && last?.some(({ type }) => type === "tool_result");
  const asked = messages.at(-2)?.content;
  const first = typeof asked === "string" ? "text" : asked?.[0]?.type;
  if (!thinks || !answersTools || first === "thinking" || first === "redacted_thinking") return null;
  return `messages.${messages.length - 2}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block`;
}

function parse({ body, headers }: RawRequest): WireRequest | WireError {
  const version = headers["anthropic-version"];
  if (!version) return errorOf(400, "invalid_request_error", "anthropic-version: header is required");
  const json = jsonOf(body);
  if (json === undefined) {
    return errorOf(400, "invalid_request_error", "The request body is not valid JSON");
  }
  const parsed = MessagesRequest.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return errorOf(400, "invalid_request_error", `${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { model, messages, stream, thinking } = parsed.data;
  const thinks = thinking !== undefined && thinking.type !== "disabled";
  const orphan = orphanResult(messages);
  if (orphan !== null) {
    const found = `unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${orphan}`;
    return errorOf(400, "invalid_request_error", `messages: ${found}`);
  }
  const wrong = wrongThought(messages, thinks);
  if (wrong !== null) return errorOf(400, "invalid_request_error", wrong);
  return {
    model,
    stream: stream ?? false,
    conversation: conversationOf(messages),
    promptChars: body.length,
    thinks,
    showsThoughts: thinks,
    includeUsage: true,
    framing: "sse",
  };
}

const blockOf = (turn: Turn) =>
  "tool" in turn
    ? { type: "tool_use", id: idOf("toolu_"), name: turn.tool, input: turn.args }
    : { type: "text", text: turn.text };

function thoughtBlocks(request: WireRequest, turn: Turn) {
  const thought = thoughtOf(turn, request.thinks);
  return thought === null ? [] : [{ type: "thinking", thinking: thought, signature: signatureOf(thought) }];
}

const usageBody = (usage: UsageNumbers, outputTokens: number) => ({
  input_tokens: usage.input,
  cache_creation_input_tokens: usage.cacheWrite,
  cache_read_input_tokens: usage.cacheRead,
  output_tokens: outputTokens,
  service_tier: "standard",
});

function messageOf(request: WireRequest, turn: Turn, usage: UsageNumbers) {
  return {
    id: idOf("msg_"),
    type: "message",
    role: "assistant",
    model: request.model,
    content: [...thoughtBlocks(request, turn), blockOf(turn)],
    stop_reason: "tool" in turn ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: usageBody(usage, usage.output),
  };
}

const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

function blockEvents(index: number, opened: object, deltas: object[]): string[] {
  return [
    event("content_block_start", { index, content_block: opened }),
    ...(index === 0 ? [event("ping", {})] : []),
    ...deltas.map((delta) => event("content_block_delta", { index, delta })),
    event("content_block_stop", { index }),
  ];
}

function eventsOf(request: WireRequest, turn: Turn, usage: UsageNumbers): string[] {
  const message = messageOf(request, turn, usage);
  const block = blockOf(turn);
  const opened = block.type === "tool_use" ? { ...block, input: {} } : { type: "text", text: "" };
  // The first piece of a tool's input is empty in the real stream as well.
  const deltas =
    "tool" in turn
      ? ["", ...piecesOf(JSON.stringify(turn.args))].map((piece) => ({ type: "input_json_delta", partial_json: piece }))
      : piecesOf(turn.text).map((piece) => ({ type: "text_delta", text: piece }));
  const thoughts = thoughtBlocks(request, turn).flatMap(({ thinking, signature }) =>
    blockEvents(0, { type: "thinking", thinking: "", signature: "" }, [
      ...piecesOf(thinking).map((piece) => ({ type: "thinking_delta", thinking: piece })),
      { type: "signature_delta", signature },
    ]),
  );
  return [
    event("message_start", {
      message: { ...message, content: [], stop_reason: null, usage: usageBody(usage, 1) },
    }),
    ...thoughts,
    ...blockEvents(thoughts.length > 0 ? 1 : 0, opened, deltas),
    event("message_delta", {
      delta: { stop_reason: message.stop_reason, stop_sequence: null },
      usage: { output_tokens: usage.output },
    }),
    event("message_stop", {}),
  ];
}

export const anthropicMessagesFormat: WireFormat = {
  provider: "anthropic",
  serves: (path) => path === "/v1/messages",
  // Anthropic's own client (1.x) sends its key as a bearer token; OpenClaw and older clients use x-api-key.
  keyOf: (headers) => headers["x-api-key"]?.toString() ?? (headers.authorization ?? "").replace(/^Bearer /, ""),
  unauthorised: () => errorOf(401, "authentication_error", "invalid x-api-key"),
  notFound: () => errorOf(404, "not_found_error", "Not found"),
  tooLarge: () => errorOf(413, "request_too_large", "Request exceeds the maximum size"),
  parse,
  whole: messageOf,
  stream: eventsOf,
};
