/** OpenAI Chat Completions: https://platform.openai.com/docs/api-reference/chat and .../chat-streaming */
import type { TokenCounts } from "../ledger/usage-ledger.ts";
import { countOf, isJson, type Json, listOf, type Provider, type StreamedText, type Turn } from "./provider.ts";

/** Where a request names no limit: the most that a current model writes by default. */
const defaultOutputLimit = 32_768;

const errorTypes: Record<number, { type: string; code: string | null }> = {
  401: { type: "invalid_request_error", code: "invalid_api_key" },
  404: { type: "invalid_request_error", code: "unknown_url" },
  429: { type: "insufficient_quota", code: "insufficient_quota" },
};

function readUsage(body: Json, counts: Partial<TokenCounts>): Partial<TokenCounts> {
  if (!isJson(body.usage)) return counts;
  const details = isJson(body.usage.prompt_tokens_details) ? body.usage.prompt_tokens_details : {};
  const prompt = countOf(body.usage.prompt_tokens);
  const output = countOf(body.usage.completion_tokens);
  if (prompt === undefined || output === undefined) return counts;
  // `prompt_tokens` is the whole prompt; cached parts of it are counted apart.
  const cacheRead = Math.min(countOf(details.cached_tokens) ?? 0, prompt);
  const cacheWrite = Math.min(countOf(details.cache_write_tokens) ?? 0, prompt - cacheRead);
  return { input: prompt - cacheRead - cacheWrite, output, cache_read: cacheRead, cache_write: cacheWrite };
}

/** Strings of a delta; elements of a list with an `index` of their own are told apart by it, not by their place. */
function textsBelow(value: unknown, path: (string | number)[], key: string): StreamedText[] {
  if (typeof value === "string") return [{ key, path }];
  if (Array.isArray(value)) {
    return value.flatMap((item, at) =>
      textsBelow(item, [...path, at], `${key}.${isJson(item) && typeof item.index === "number" ? item.index : at}`),
    );
  }
  if (!isJson(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => textsBelow(item, [...path, name], `${key}.${name}`));
}

const callOf = (turn: Turn, id: string) =>
  "tool" in turn
    ? { id: `call_${id}`, type: "function", function: { name: turn.tool, arguments: JSON.stringify(turn.args) } }
    : null;

const noUsage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
const baseOf = (model: string, id: string, object: string) => ({ id: `chatcmpl-${id}`, object, created: 0, model });

function wholeAnswer(model: string, id: string, turn: Turn): Json {
  const call = callOf(turn, id);
  const content = "text" in turn ? turn.text : null;
  const message = { role: "assistant", content, ...(call ? { tool_calls: [call] } : {}) };
  const choice = { index: 0, message, logprobs: null, finish_reason: call ? "tool_calls" : "stop" };
  return { ...baseOf(model, id, "chat.completion"), choices: [choice], usage: noUsage };
}

function streamedAnswer(model: string, id: string, turn: Turn): string[] {
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

export const openai: Provider = {
  api: "openai",
  path: "/v1/chat/completions",
  keyHeaders: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  errorBody: (status, message) => ({
    error: {
      message,
      param: null,
      ...(errorTypes[status] ?? { type: status < 500 ? "invalid_request_error" : "server_error", code: null }),
    },
  }),
  prepare: (body) => {
    if (body.stream !== true) return body;
    const options = isJson(body.stream_options) ? body.stream_options : {};
    return options.include_usage === true ? body : { ...body, stream_options: { ...options, include_usage: true } };
  },
  breaksSignature: () => false,
  outputLimit: (body) => {
    const limit = countOf(body.max_completion_tokens) ?? countOf(body.max_tokens) ?? defaultOutputLimit;
    return limit * (countOf(body.n) ?? 1);
  },
  readUsage,
  streamedTexts: (event) =>
    listOf(event.choices).flatMap((choice, at) =>
      textsBelow(choice.delta, ["choices", at, "delta"], `${choice.index}:`),
    ),
  endsTexts: (event) =>
    listOf(event.choices)
      .filter((choice) => typeof choice.finish_reason === "string")
      .map((choice) => `${choice.index}:`),
  isLast: (data) => data.trim() === "[DONE]",
  isOwnEvent: (event, original) => {
    const options = isJson(original.stream_options) ? original.stream_options : {};
    const asked = options.include_usage === true;
    return !asked && Array.isArray(event.choices) && event.choices.length === 0 && isJson(event.usage);
  },
  wholeAnswer,
  streamedAnswer,
};
