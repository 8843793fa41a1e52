/**
 * Gemini API, versions v1 and v1beta: https://ai.google.dev/api/generate-content and
 * https://ai.google.dev/gemini-api/docs/thought-signatures
 */
import { fail } from "@berth/platform";
import { z } from "zod";
import { countOf, isJson, type Json, listOf, type Path } from "../json.ts";
import type { SignedParts, StreamedText, UsageReading, WireFormat } from "../wire-format.ts";
import { streamedAnswer, wholeAnswer } from "./google-canned.ts";
import { parseBody, refuseSigned } from "./parse-body.ts";
import { hostedTools, wholeWindow } from "./referred-input.ts";

const pathPattern = /^\/v1(?:beta)?\/models\/([A-Za-z0-9._-]{1,200}):(generateContent|streamGenerateContent)$/;
const Body = z.looseObject({ contents: z.array(z.unknown()) });
/** Where a request names no limit: the most that a current model writes. */
const defaultOutputLimit = 65_536;

const statusNames: Record<number, string> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  413: "INVALID_ARGUMENT",
  429: "RESOURCE_EXHAUSTED",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/** The API reads `snake_case` too. Here every field has one name, so that none is overlooked. */
function refuseSnakeCase(body: Json): void {
  const objects = [body, body.generationConfig, ...listOf(body.contents).flatMap((content) => listOf(content.parts))];
  const name = objects.flatMap((each) => (isJson(each) ? Object.keys(each) : [])).find((key) => key.includes("_"));
  if (name) fail("invalid_input", `${name}: write the names of fields in camelCase.`);
}

const partsOf = (content: Json): Json[] => listOf(content.parts);

/** Calls of the turn under way need their signature back; older ones and texts are read without it. */
const signed: SignedParts = {
  signatureKey: (part) => (typeof part.thoughtSignature === "string" ? "thoughtSignature" : null),
  drop(body, parts) {
    const contents = listOf(body.contents);
    const turnStart = contents.findLastIndex(
      (content) => content.role !== "model" && !partsOf(content).some(({ functionResponse }) => functionResponse),
    );
    for (const [at, content] of contents.entries()) {
      if (!Array.isArray(content.parts)) continue;
      content.parts = partsOf(content).filter((part) => {
        if (!parts.has(part)) return true;
        if (part.functionCall && at > turnStart) refuseSigned("A signed function call");
        delete part.thoughtSignature;
        return part.thought !== true;
      });
    }
    body.contents = contents.filter((content) => partsOf(content).length > 0);
  },
};

function readUsage({ usageMetadata: usage, candidates }: Json): UsageReading | null {
  if (!isJson(usage)) return null;
  const prompt = countOf(usage.promptTokenCount);
  const said = countOf(usage.candidatesTokenCount);
  const thought = countOf(usage.thoughtsTokenCount);
  const answers = listOf(candidates);
  const final = answers.length === 0 || answers.some(({ finishReason }) => typeof finishReason === "string");
  if (prompt === undefined) return null;
  // The prompt is counted whole, cached parts included; what tools of the provider found is a prompt, too.
  const cacheRead = Math.min(countOf(usage.cachedContentTokenCount) ?? 0, prompt);
  const input = prompt - cacheRead + (countOf(usage.toolUsePromptTokenCount) ?? 0);
  const output = said === undefined && thought === undefined && !final ? {} : { output: (said ?? 0) + (thought ?? 0) };
  return { counts: { input, cache_read: cacheRead, cache_write: 0, ...output }, final };
}

function textsOf(part: Json, path: Path, key: string): StreamedText[] {
  if (typeof part.text === "string") {
    return [{ key: `${key}${part.thought === true ? "thought" : "text"}`, path: [...path, "text"] }];
  }
  // Arguments that come in pieces: https://ai.google.dev/api/caching#FunctionCall, `partialArgs`.
  const call = isJson(part.functionCall) ? part.functionCall : {};
  return listOf(call.partialArgs).flatMap((piece, at) =>
    typeof piece.stringValue === "string"
      ? [{ key: `${key}${piece.jsonPath}`, path: [...path, "functionCall", "partialArgs", at, "stringValue"] }]
      : [],
  );
}

const isFinished = ({ finishReason }: Json): boolean => typeof finishReason === "string";

export const googleGenerate: WireFormat = {
  name: "google-generate",
  api: "google",
  serves: (path) => pathPattern.test(path),
  factsOf(body, { path, query }) {
    parseBody(Body, body);
    refuseSnakeCase(body);
    const [, model = "", method] = pathPattern.exec(path) ?? [];
    const framing = query.get("alt") === "sse" ? "sse" : "json-array";
    return { model, stream: method === "streamGenerateContent", framing };
  },
  keyHeaders: (apiKey) => ({ "x-goog-api-key": apiKey }),
  headers: /^x-goog-api-client$/,
  // `key` and `access_token` are credentials, `fields` could leave the numbers out of the answer.
  queryNames: ["alt"],
  errorBody: (status, message) => ({
    error: { code: status, message, status: statusNames[status] ?? (status < 500 ? "INVALID_ARGUMENT" : "INTERNAL") },
  }),
  messagesKey: "contents",
  signed,
  prepare: () => false,
  outputLimit: ({ generationConfig: config }) => {
    const { maxOutputTokens, candidateCount } = isJson(config) ? config : {};
    return (countOf(maxOutputTokens) ?? defaultOutputLimit) * (countOf(candidateCount) ?? 1);
  },
  referredInput: (body) =>
    listOf(body.contents)
      .flatMap(partsOf)
      .reduce((sum, part) => sum + (part.fileData ? wholeWindow : part.inlineData ? 10_000 : 0), 0) +
    (body.cachedContent ? wholeWindow : 0) +
    hostedTools(body.tools, (tool) => Object.keys(tool).some((name) => name !== "functionDeclarations")),
  readUsage,
  streamedTexts: (event) =>
    listOf(event.candidates).flatMap((candidate, at) =>
      (isJson(candidate.content) ? partsOf(candidate.content) : []).flatMap((part, place) =>
        textsOf(part, ["candidates", at, "content", "parts", place], `${candidate.index ?? 0}:`),
      ),
    ),
  endsTexts: (event) =>
    listOf(event.candidates)
      .filter(isFinished)
      .map(({ index }) => `${index ?? 0}:`),
  signatures: () => [],
  // The numbers of the last chunk count; nothing in it says that it is the last one.
  ending: (_data, event) => {
    const candidates = listOf(event?.candidates);
    return event && (candidates.every(isFinished) || isJson(event.promptFeedback)) ? "closing" : null;
  },
  isOwnEvent: () => false,
  wholeAnswer,
  streamedAnswer,
};
