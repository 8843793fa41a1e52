/** OpenAI Chat Completions: https://platform.openai.com/docs/api-reference/chat and .../chat-streaming */
import { z } from "zod";
import { countOf, isJson, type Json, listOf, type Path } from "../json.ts";
import type { StreamedText, UsageReading, WireFormat } from "../wire-format.ts";
import { streamedAnswer, wholeAnswer } from "./openai-chat-canned.ts";
import { openaiErrorBody, openaiHeaders, openaiKeyHeaders, openaiOutputMax } from "./openai-errors.ts";
import { parseBody } from "./parse-body.ts";
import { hostedTools, referredByType } from "./referred-input.ts";

const Body = z.looseObject({
  model: z.string().min(1).max(200),
  messages: z.array(z.unknown()),
  stream: z.boolean().nullish(),
});

function readUsage({ usage }: Json): UsageReading | null {
  if (!isJson(usage)) return null;
  const details = isJson(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {};
  const prompt = countOf(usage.prompt_tokens);
  // Thoughts are part of `completion_tokens`.
  const output = countOf(usage.completion_tokens);
  if (prompt === undefined || output === undefined) return null;
  // `prompt_tokens` is the whole prompt; cached parts of it are counted apart. DeepSeek has a name of its own for them.
  const cacheRead = Math.min(countOf(details.cached_tokens) ?? countOf(usage.prompt_cache_hit_tokens) ?? 0, prompt);
  const cacheWrite = Math.min(countOf(details.cache_write_tokens) ?? 0, prompt - cacheRead);
  const counts = { input: prompt - cacheRead - cacheWrite, output, cache_read: cacheRead, cache_write: cacheWrite };
  return { counts, final: true };
}

/** Strings of a delta; elements of a list with an `index` of their own are told apart by it, not by their place. */
function textsBelow(value: unknown, path: Path, key: string): StreamedText[] {
  if (typeof value === "string") return [{ key, path }];
  if (Array.isArray(value)) {
    return value.flatMap((item, at) =>
      textsBelow(item, [...path, at], `${key}.${isJson(item) && typeof item.index === "number" ? item.index : at}`),
    );
  }
  if (!isJson(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => textsBelow(item, [...path, name], `${key}.${name}`));
}

export const openaiChat: WireFormat = {
  name: "openai-chat",
  api: "openai",
  serves: (path) => path === "/v1/chat/completions",
  factsOf(body) {
    const { model, stream } = parseBody(Body, body);
    return { model, stream: stream === true, framing: "sse" };
  },
  keyHeaders: openaiKeyHeaders,
  headers: openaiHeaders,
  queryNames: null,
  errorBody: openaiErrorBody,
  messagesKey: "messages",
  // This format never shows a thought.
  signed: { signatureKey: () => null, drop: () => undefined },
  prepare(body) {
    const options = isJson(body.stream_options) ? body.stream_options : {};
    if (body.stream !== true || options.include_usage === true) return false;
    body.stream_options = { ...options, include_usage: true };
    return true;
  },
  outputLimit: (body) => {
    const limit = countOf(body.max_completion_tokens) ?? countOf(body.max_tokens) ?? openaiOutputMax;
    return limit * (countOf(body.n) ?? 1);
  },
  referredInput: (body) =>
    referredByType(body.messages) + hostedTools(body.web_search_options === undefined ? [] : [{}], () => true),
  readUsage,
  streamedTexts: (event) =>
    listOf(event.choices).flatMap((choice, at) =>
      textsBelow(choice.delta, ["choices", at, "delta"], `${choice.index}:`),
    ),
  endsTexts: (event) =>
    listOf(event.choices)
      .filter((choice) => typeof choice.finish_reason === "string")
      .map((choice) => `${choice.index}:`),
  signatures: () => [],
  ending: (data) => (data.trim() === "[DONE]" ? "last" : null),
  isOwnEvent: (event) => Array.isArray(event.choices) && event.choices.length === 0 && isJson(event.usage),
  wholeAnswer,
  streamedAnswer,
};
