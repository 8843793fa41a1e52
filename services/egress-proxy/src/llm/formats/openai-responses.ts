/** OpenAI Responses: https://platform.openai.com/docs/api-reference/responses and .../responses-streaming */
import { fail } from "@berth/platform";
import { z } from "zod";
import { countOf, isJson, type Json, listOf, stringPaths } from "../json.ts";
import type { SignedParts, UsageReading, WireFormat } from "../wire-format.ts";
import { openaiErrorBody, openaiHeaders, openaiKeyHeaders, openaiOutputMax } from "./openai-errors.ts";
import { streamedAnswer, wholeAnswer } from "./openai-responses-canned.ts";
import { parseBody, refuseSigned } from "./parse-body.ts";
import { hostedTools, referredByType, wholeWindow } from "./referred-input.ts";

const Body = z.looseObject({
  model: z.string().min(1).max(200),
  input: z.union([z.string(), z.array(z.unknown())]),
  stream: z.boolean().nullish(),
  background: z.boolean().nullish(),
});

/** Tools that the caller runs; every other type is run by the provider. */
const ownTools = new Set(["function", "custom", "local_shell", "shell", "apply_patch", "computer", "namespace"]);

/**
 * https://platform.openai.com/docs/guides/reasoning: thoughts of turns that are over are not read any more. An item that
 * followed one is asked for it by its `id`, which a caller may leave out.
 */
const signed: SignedParts = {
  signatureKey: ({ type, encrypted_content: sealed }) =>
    type === "reasoning" || typeof sealed === "string" ? "encrypted_content" : null,
  drop(body, parts) {
    const items = listOf(body.input);
    const turnStart = items.findLastIndex(({ role }) => role === "user");
    let orphaned = false;
    body.input = items.filter((item, at) => {
      if (parts.has(item)) {
        if (item.type !== "reasoning" || at > turnStart) refuseSigned(`A sealed item of type ${String(item.type)}`);
        orphaned = true;
        return false;
      }
      if (item.type === "reasoning" || item.role === "user") orphaned = false;
      if (orphaned) delete item.id;
      return true;
    });
  },
};

function readUsage(body: Json): UsageReading | null {
  const { usage } = isJson(body.response) ? body.response : body;
  if (!isJson(usage)) return null;
  const details = isJson(usage.input_tokens_details) ? usage.input_tokens_details : {};
  const prompt = countOf(usage.input_tokens);
  // Thoughts (`output_tokens_details.reasoning_tokens`) are part of `output_tokens`.
  const output = countOf(usage.output_tokens);
  if (prompt === undefined || output === undefined) return null;
  const cacheRead = Math.min(countOf(details.cached_tokens) ?? 0, prompt);
  const cacheWrite = Math.min(countOf(details.cache_write_tokens) ?? 0, prompt - cacheRead);
  const counts = { input: prompt - cacheRead - cacheWrite, output, cache_read: cacheRead, cache_write: cacheWrite };
  return { counts, final: true };
}

/** Where in the answer an event belongs: its item, and its places in lists below it. */
function placeOf(event: Json): string {
  const places = Object.entries(event).filter(([name]) => name.endsWith("_index") && name !== "output_index");
  return `${event.item_id ?? ""}:${places.map(([, at]) => `${at}:`).join("")}`;
}

export const openaiResponses: WireFormat = {
  name: "openai-responses",
  api: "openai",
  serves: (path) => path === "/v1/responses",
  factsOf(body) {
    const { model, stream, background } = parseBody(Body, body);
    if (background) fail("invalid_input", "background: must not be true, for such an answer could not be counted.");
    return { model, stream: stream === true, framing: "sse" };
  },
  keyHeaders: openaiKeyHeaders,
  headers: openaiHeaders,
  queryNames: null,
  errorBody: openaiErrorBody,
  messagesKey: "input",
  signed,
  prepare: () => false,
  outputLimit: (body) => countOf(body.max_output_tokens) ?? openaiOutputMax,
  referredInput: (body) =>
    referredByType(body.input) +
    (body.previous_response_id || body.conversation || body.prompt ? wholeWindow : 0) +
    hostedTools(body.tools, ({ type }) => !ownTools.has(String(type))),
  readUsage,
  streamedTexts: (event) => {
    const { type } = event;
    if (typeof type !== "string" || !type.endsWith(".delta")) return [];
    const place = placeOf(event);
    return stringPaths(event.delta, ["delta"]).map((path) => ({ key: `${place}${type}:${path.join(".")}`, path }));
  },
  endsTexts: (event) => {
    if (typeof event.type !== "string" || !event.type.endsWith(".done")) return [];
    return [isJson(event.item) ? `${event.item.id ?? ""}:` : placeOf(event)];
  },
  signatures: () => [],
  ending: (_data, event) => (/^response\.(?:completed|incomplete|failed)$/.test(String(event?.type)) ? "last" : null),
  isOwnEvent: () => false,
  wholeAnswer,
  streamedAnswer,
};
