/** Answers of the Gemini API: https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse */
import { randomBytes } from "node:crypto";
import { sealedThought, thoughtOf } from "./thoughts.ts";
import type { Turn } from "./turn.ts";
import { piecesOf, type UsageNumbers } from "./usage-numbers.ts";
import type { WireRequest } from "./wire-format.ts";

const usageBody = (usage: UsageNumbers) => {
  // The prompt counts whole, cached parts included; what was written to a cache is not told apart.
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: usage.output - usage.thoughts,
    totalTokenCount: prompt + usage.output,
    cachedContentTokenCount: usage.cacheRead,
    promptTokensDetails: [{ modality: "TEXT", tokenCount: prompt }],
    cacheTokensDetails: [{ modality: "TEXT", tokenCount: usage.cacheRead }],
    ...(usage.thoughts > 0 ? { thoughtsTokenCount: usage.thoughts } : {}),
  };
};

type Part = Record<string, unknown>;
const signed = (request: WireRequest) => (request.thinks ? { thoughtSignature: sealedThought() } : {});

const sayingPart = (request: WireRequest, turn: Turn): Part =>
  "tool" in turn
    ? { functionCall: { name: turn.tool, args: turn.args }, ...signed(request) }
    : { text: turn.text, ...signed(request) };

interface Answer {
  parts: Part[];
  finished: boolean;
}
const responseOf = (request: WireRequest, id: string, { parts, finished }: Answer, usage: object) => ({
  candidates: [{ content: { parts, role: "model" }, ...(finished ? { finishReason: "STOP" } : {}), index: 0 }],
  usageMetadata: usage,
  modelVersion: request.model,
  responseId: id,
});

const idOf = () => randomBytes(15).toString("base64url");

export function generateResponse(request: WireRequest, turn: Turn, usage: UsageNumbers) {
  const thought = thoughtOf(turn, request.showsThoughts);
  const thoughts = thought === null ? [] : [{ text: thought, thought: true }];
  const parts = [...thoughts, sayingPart(request, turn)];
  return responseOf(request, idOf(), { parts, finished: true }, usageBody(usage));
}

function chunksOf(request: WireRequest, turn: Turn): Answer[] {
  const thought = thoughtOf(turn, request.showsThoughts) ?? "";
  const thoughts = piecesOf(thought).map((text) => ({ parts: [{ text, thought: true }], finished: false }));
  if ("tool" in turn) return [...thoughts, { parts: [sayingPart(request, turn)], finished: true }];
  const texts = piecesOf(turn.text).map((text) => ({ parts: [{ text }], finished: false }));
  // A text's signature comes in a last part of its own, which may be empty.
  return [...thoughts, ...texts, { parts: [{ text: "", ...signed(request) }], finished: true }];
}

/** Chunks of one answer as JSON texts; each repeats the running numbers, as the real stream does. */
function jsonChunks(request: WireRequest, turn: Turn, usage: UsageNumbers): string[] {
  const id = idOf();
  const { candidatesTokenCount, totalTokenCount, ...prompt } = usageBody(usage);
  const begun = { ...prompt, totalTokenCount: prompt.promptTokenCount };
  return chunksOf(request, turn).map((answer) =>
    JSON.stringify(responseOf(request, id, answer, answer.finished ? usageBody(usage) : begun), null, 2),
  );
}

/** Both framings of a stream: server-sent events (`alt=sse`) and, by default, one JSON array that grows. */
export function generateChunks(request: WireRequest, turn: Turn, usage: UsageNumbers): string[] {
  const chunks = jsonChunks(request, turn, usage);
  if (request.framing === "json-array") {
    return [...chunks.map((chunk, at) => `${at === 0 ? "[" : ",\r\n"}${chunk}\n`), "]"];
  }
  return chunks.map((chunk) => `data: ${JSON.stringify(JSON.parse(chunk))}\r\n\r\n`);
}
