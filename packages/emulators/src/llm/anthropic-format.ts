/** Anthropic Messages API, version 2023-06-01: https://docs.claude.com/en/api/messages and .../messages-streaming */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { conversationOf } from "./conversation.ts";
import type { Turn } from "./turn.ts";
import { piecesOf, type UsageNumbers } from "./usage-numbers.ts";
import { jsonOf, type WireError, type WireFormat, type WireRequest } from "./wire-format.ts";

const Block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  id: z.string().optional(),
  tool_use_id: z.string().optional(),
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

function parse(body: string, version: string | undefined): WireRequest | WireError {
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
  const { model, messages, stream } = parsed.data;
  const orphan = orphanResult(messages);
  if (orphan !== null) {
    const found = `unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${orphan}`;
    return errorOf(400, "invalid_request_error", `messages: ${found}`);
  }
  return {
    model,
    stream: stream ?? false,
    conversation: conversationOf(messages),
    promptChars: body.length,
    includeUsage: true,
  };
}

const blockOf = (turn: Turn) =>
  "tool" in turn
    ? { type: "tool_use", id: idOf("toolu_"), name: turn.tool, input: turn.args }
    : { type: "text", text: turn.text };

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
    content: [blockOf(turn)],
    stop_reason: "tool" in turn ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: usageBody(usage, usage.output),
  };
}

const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

function eventsOf(request: WireRequest, turn: Turn, usage: UsageNumbers): string[] {
  const message = messageOf(request, turn, usage);
  const block = blockOf(turn);
  const started = block.type === "tool_use" ? { ...block, input: {} } : { type: "text", text: "" };
  // The first piece of a tool's input is empty in the real stream as well.
  const deltas =
    "tool" in turn
      ? ["", ...piecesOf(JSON.stringify(turn.args))].map((piece) => ({ type: "input_json_delta", partial_json: piece }))
      : piecesOf(turn.text).map((piece) => ({ type: "text_delta", text: piece }));
  return [
    event("message_start", {
      message: { ...message, content: [], stop_reason: null, usage: usageBody(usage, 1) },
    }),
    event("content_block_start", { index: 0, content_block: started }),
    event("ping", {}),
    ...deltas.map((delta) => event("content_block_delta", { index: 0, delta })),
    event("content_block_stop", { index: 0 }),
    event("message_delta", {
      delta: { stop_reason: message.stop_reason, stop_sequence: null },
      usage: { output_tokens: usage.output },
    }),
    event("message_stop", {}),
  ];
}

export const anthropicFormat: WireFormat = {
  path: "/v1/messages",
  // Anthropic's own client (1.x) sends its key as a bearer token; OpenClaw and older clients use x-api-key.
  keyOf: (headers) => headers["x-api-key"]?.toString() ?? (headers.authorization ?? "").replace(/^Bearer /, ""),
  unauthorised: () => errorOf(401, "authentication_error", "invalid x-api-key"),
  notFound: () => errorOf(404, "not_found_error", "Not found"),
  tooLarge: () => errorOf(413, "request_too_large", "Request exceeds the maximum size"),
  parse: (body, headers) => parse(body, headers["anthropic-version"]?.toString()),
  whole: messageOf,
  events: eventsOf,
};
