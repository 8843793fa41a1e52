/** OpenAI Chat Completions: https://platform.openai.com/docs/api-reference/chat and .../chat-streaming */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { conversationOf } from "./conversation.ts";
import { openaiDoor, openaiError, openaiShapeError } from "./openai-errors.ts";
import type { Turn } from "./turn.ts";
import { piecesOf, type UsageNumbers } from "./usage-numbers.ts";
import { jsonOf, type WireError, type WireFormat, type WireRequest } from "./wire-format.ts";

const Part = z.looseObject({ type: z.string(), text: z.string().optional() });
const Message = z.looseObject({
  role: z.enum(["developer", "system", "user", "assistant", "tool"]),
  content: z.union([z.string(), z.array(Part)]).nullish(),
  tool_call_id: z.string().optional(),
  tool_calls: z.array(z.looseObject({ id: z.string() })).optional(),
});
const CompletionRequest = z.looseObject({
  model: z.string().min(1),
  messages: z.array(Message).min(1),
  stream: z.boolean().nullish(),
  reasoning_effort: z.string().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
});

/** A tool message must answer a call that an assistant message made; OpenAI refuses the request otherwise. */
function hasOrphanResult(messages: z.infer<typeof Message>[]): boolean {
  const known = new Set<string>();
  for (const message of messages) {
    for (const call of message.tool_calls ?? []) known.add(call.id);
    if (message.role === "tool" && !known.has(message.tool_call_id ?? "")) return true;
  }
  return false;
}

function parse({ body }: { body: string }): WireRequest | WireError {
  const json = jsonOf(body);
  if (json === undefined) {
    return openaiError(400, "We could not parse the JSON body of your request.");
  }
  const parsed = CompletionRequest.safeParse(json);
  if (!parsed.success) return openaiShapeError(parsed.error.issues[0]);
  const { model, messages, stream, stream_options: options, reasoning_effort: effort } = parsed.data;
  if (hasOrphanResult(messages)) {
    const rule = "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
    return openaiError(400, `Invalid parameter: ${rule}`, "messages");
  }
  return {
    model,
    stream: stream ?? false,
    conversation: conversationOf(messages),
    promptChars: body.length,
    // This format counts thoughts and never shows them.
    thinks: typeof effort === "string" && effort !== "none",
    showsThoughts: false,
    includeUsage: options?.include_usage ?? false,
    framing: "sse",
  };
}

const usageBody = (usage: UsageNumbers) => {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.output,
    total_tokens: prompt + usage.output,
    // `cache_write_tokens` is not sent by every OpenAI-compatible server; OpenClaw reads it where it is.
    prompt_tokens_details: { cached_tokens: usage.cacheRead, cache_write_tokens: usage.cacheWrite, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: usage.thoughts,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
};

const baseOf = (request: WireRequest, object: string) => ({
  id: `chatcmpl-${randomBytes(14).toString("hex")}`,
  object,
  created: Math.floor(Date.now() / 1000),
  model: request.model,
  service_tier: "default",
  system_fingerprint: "fp_berthemulator",
});
const callIdOf = () => `call_${randomBytes(12).toString("hex")}`;

function completionOf(request: WireRequest, turn: Turn, usage: UsageNumbers) {
  const calls =
    "tool" in turn
      ? [
          {
            id: callIdOf(),
            type: "function",
            function: { name: turn.tool, arguments: JSON.stringify(turn.args) },
          },
        ]
      : null;
  const message = {
    role: "assistant",
    content: "tool" in turn ? null : turn.text,
    ...(calls ? { tool_calls: calls } : {}),
    refusal: null,
    annotations: [],
  };
  const choice = { index: 0, message, logprobs: null, finish_reason: calls ? "tool_calls" : "stop" };
  return { ...baseOf(request, "chat.completion"), choices: [choice], usage: usageBody(usage) };
}

function deltasOf(turn: Turn): object[] {
  if (!("tool" in turn)) {
    return [
      { role: "assistant", content: "", refusal: null },
      ...piecesOf(turn.text).map((piece) => ({ content: piece })),
    ];
  }
  const opened = { index: 0, id: callIdOf(), type: "function", function: { name: turn.tool, arguments: "" } };
  return [
    { role: "assistant", content: null, tool_calls: [opened], refusal: null },
    ...piecesOf(JSON.stringify(turn.args)).map((piece) => ({
      tool_calls: [{ index: 0, function: { arguments: piece } }],
    })),
  ];
}

function eventsOf(request: WireRequest, turn: Turn, usage: UsageNumbers): string[] {
  const base = baseOf(request, "chat.completion.chunk");
  // With include_usage every chunk carries the field: null, and the numbers in a last chunk without choices.
  const noUsage = request.includeUsage ? { usage: null } : {};
  const chunk = (fields: object) => `data: ${JSON.stringify({ ...base, ...fields })}\n\n`;
  const choice = (delta: object, finish: string | null) =>
    chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], ...noUsage });
  return [
    ...deltasOf(turn).map((delta) => choice(delta, null)),
    choice({}, "tool" in turn ? "tool_calls" : "stop"),
    ...(request.includeUsage ? [chunk({ choices: [], usage: usageBody(usage) })] : []),
    "data: [DONE]\n\n",
  ];
}

export const openaiChatFormat: WireFormat = {
  ...openaiDoor,
  serves: (path) => path === "/v1/chat/completions",
  parse,
  whole: completionOf,
  stream: eventsOf,
};
