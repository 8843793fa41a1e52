/** Anthropic Messages API, version 2023-06-01: https://docs.claude.com/en/api/messages and .../messages-streaming */
import { z } from "zod";
import { countOf, isJson, type Json, listOf, stringPaths } from "../json.ts";
import type { SignedParts, UsageReading, WireFormat } from "../wire-format.ts";
import { streamedAnswer, wholeAnswer } from "./anthropic-canned.ts";
import { parseBody, refuseSigned } from "./parse-body.ts";
import { hostedTools, referredByType } from "./referred-input.ts";

const Body = z.looseObject({
  model: z.string().min(1).max(200),
  messages: z.array(z.unknown()),
  stream: z.boolean().nullish(),
});

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

/** https://docs.claude.com/en/docs/build-with-claude/extended-thinking: only a turn with tools needs its thoughts back. */
const signed: SignedParts = {
  signatureKey: (part) => (part.type === "thinking" ? "signature" : part.type === "redacted_thinking" ? "data" : null),
  drop(body, parts) {
    const messages = listOf(body.messages);
    const turnStart = messages.findLastIndex(
      ({ role, content }) => role === "user" && !listOf(content).some(({ type }) => type === "tool_result"),
    );
    const thinks = isJson(body.thinking) && body.thinking.type !== "disabled";
    for (const [at, message] of messages.entries()) {
      const left = listOf(message.content).filter((part) => !parts.has(part));
      if (!Array.isArray(message.content) || left.length === message.content.length) continue;
      if (thinks && at > turnStart) refuseSigned("A signed thinking block");
      message.content = left;
    }
    // An empty message is refused; without it, neighbours of the same role are read as one.
    body.messages = messages.filter(({ content }) => !Array.isArray(content) || content.length > 0);
  },
};

function readUsage(body: Json): UsageReading | null {
  const begins = body.type === "message_start";
  const holder = begins && isJson(body.message) ? body.message : body;
  if (!isJson(holder.usage)) return null;
  const { usage } = holder;
  // Each number is a running total: a later event replaces what an earlier one said.
  const found = {
    input: countOf(usage.input_tokens),
    output: countOf(usage.output_tokens),
    cache_read: countOf(usage.cache_read_input_tokens),
    cache_write: countOf(usage.cache_creation_input_tokens),
  };
  const counts = Object.fromEntries(Object.entries(found).filter(([, tokens]) => tokens !== undefined));
  return { counts, final: !begins && found.output !== undefined };
}

export const anthropicMessages: WireFormat = {
  name: "anthropic-messages",
  api: "anthropic",
  serves: (path) => path === "/v1/messages",
  factsOf(body) {
    const { model, stream } = parseBody(Body, body);
    return { model, stream: stream === true, framing: "sse" };
  },
  keyHeaders: (apiKey) => ({ "x-api-key": apiKey }),
  headers: /^anthropic-[a-z0-9-]{1,60}$/,
  queryNames: null,
  errorBody: (status, message) => ({
    type: "error",
    error: { type: errorTypes[status] ?? (status < 500 ? "invalid_request_error" : "api_error"), message },
  }),
  messagesKey: "messages",
  signed,
  prepare: () => false,
  outputLimit: (body) => countOf(body.max_tokens) ?? 0,
  referredInput: (body) =>
    referredByType(body.messages) +
    hostedTools(body.tools, ({ type }) => /^(?:web_|code_execution|mcp)/.test(String(type))) +
    hostedTools(body.mcp_servers, () => true),
  readUsage,
  streamedTexts: (event) => {
    if (event.type !== "content_block_delta" || !isJson(event.delta)) return [];
    const kind = String(event.delta.type);
    return stringPaths(event.delta, ["delta"])
      .filter((path) => path.at(-1) !== "type")
      .map((path) => ({ key: `${event.index}:${kind}:${path.join(".")}`, path }));
  },
  endsTexts: (event) => (event.type === "content_block_stop" ? [`${event.index}:`] : []),
  signatures: (event) =>
    isJson(event.delta) && event.delta.type === "signature_delta"
      ? [{ path: ["delta", "signature"], covers: `${event.index}:thinking_delta:` }]
      : [],
  ending: (_data, event) => (event?.type === "message_stop" ? "last" : null),
  isOwnEvent: () => false,
  wholeAnswer,
  streamedAnswer,
};
