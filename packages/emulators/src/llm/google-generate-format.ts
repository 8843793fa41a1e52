/** Gemini API, versions v1 and v1beta: https://ai.google.dev/api/generate-content and https://ai.google.dev/gemini-api/docs/thought-signatures */
import { z } from "zod";
import { conversationOf, type WireMessage } from "./conversation.ts";
import { generateChunks, generateResponse } from "./google-generate-answer.ts";
import { isSealedThought } from "./thoughts.ts";
import { jsonOf, type RawRequest, type WireError, type WireFormat, type WireRequest } from "./wire-format.ts";

const Part = z.looseObject({
  text: z.string().optional(),
  thought: z.boolean().optional(),
  thoughtSignature: z.string().optional(),
  functionCall: z.looseObject({ name: z.string() }).optional(),
  functionResponse: z.looseObject({ name: z.string(), response: z.record(z.string(), z.unknown()) }).optional(),
});
const Content = z.looseObject({ role: z.enum(["user", "model", "function"]).optional(), parts: z.array(Part).min(1) });
type Content = z.infer<typeof Content>;
const GenerateRequest = z.looseObject({
  contents: z.array(Content).min(1),
  generationConfig: z
    .looseObject({
      thinkingConfig: z
        .looseObject({ includeThoughts: z.boolean().optional(), thinkingBudget: z.int().optional() })
        .optional(),
    })
    .optional(),
});

const statusNames: Record<number, string> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  404: "NOT_FOUND",
  413: "INVALID_ARGUMENT",
};
const errorOf = (status: number, message: string): WireError => ({
  status,
  body: { error: { code: status, message, status: statusNames[status] } },
});

const pathPattern = /^\/v1(?:beta)?\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;

function messagesOf({ role, parts }: Content): WireMessage[] {
  const results = parts.flatMap(({ functionResponse }) => (functionResponse ? [functionResponse.response] : []));
  const said = parts.flatMap(({ text, thought }) => (text !== undefined && !thought ? [{ type: "text", text }] : []));
  return [
    // `output` is where the documentation tells callers to put a result; anything else is shown as it is.
    ...results.map((result) => ({
      role: "tool",
      content: typeof result.output === "string" ? result.output : JSON.stringify(result),
    })),
    ...(said.length > 0 ? [{ role: role === "model" ? "assistant" : "user", content: said }] : []),
  ];
}

/** What the guides on function calling and thought signatures ask. Null if all is in order. */
function wrongContent(contents: Content[], model: string): string | null {
  const turnStart = contents.findLastIndex(({ role, parts }) => role !== "model" && parts.some((part) => part.text));
  for (const [at, { parts }] of contents.entries()) {
    const changed = parts.find((part) => part.thoughtSignature && !isSealedThought(part.thoughtSignature));
    if (changed) return "Thought signature is not valid.";
    const answers = parts.filter((part) => part.functionResponse).length;
    const asked = contents[at - 1]?.parts.filter((part) => part.functionCall).length ?? 0;
    if (answers > 0 && answers !== asked) {
      return "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
    }
    const call = parts.find((part) => part.functionCall);
    if (model.startsWith("gemini-3") && at > turnStart && call && !call.thoughtSignature) {
      return `Function call is missing a thought_signature in functionCall parts: function call \`${call.functionCall?.name}\`, position ${at}.`;
    }
  }
  return null;
}

function parse({ url, body }: RawRequest): WireRequest | WireError {
  const [, model = "", method] = pathPattern.exec(url.pathname) ?? [];
  const json = jsonOf(body);
  if (json === undefined) return errorOf(400, "Invalid JSON payload received.");
  const parsed = GenerateRequest.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return errorOf(400, `Invalid value at '${issue?.path.map(String).join(".")}': ${issue?.message}`);
  }
  const { contents, generationConfig } = parsed.data;
  const wrong = wrongContent(contents, model);
  if (wrong !== null) return errorOf(400, wrong);
  const thinking = generationConfig?.thinkingConfig;
  const thinks = model.startsWith("gemini-3") || (thinking !== undefined && thinking.thinkingBudget !== 0);
  return {
    model,
    stream: method === "streamGenerateContent",
    conversation: conversationOf(contents.flatMap(messagesOf)),
    promptChars: body.length,
    thinks,
    showsThoughts: thinks && thinking?.includeThoughts === true,
    includeUsage: true,
    framing: url.searchParams.get("alt") === "sse" ? "sse" : "json-array",
  };
}

export const googleGenerateFormat: WireFormat = {
  provider: "google",
  serves: (path) => pathPattern.test(path),
  keyOf: (headers) => headers["x-goog-api-key"]?.toString() ?? "",
  unauthorised: () => errorOf(400, "API key not valid. Please pass a valid API key."),
  notFound: () => errorOf(404, "Requested entity was not found."),
  tooLarge: () => errorOf(413, "Request payload size exceeds the limit."),
  parse,
  whole: generateResponse,
  stream: (request, turn, usage) => generateChunks(request, turn, usage),
};
