/** OpenAI Responses: https://platform.openai.com/docs/api-reference/responses and .../responses-streaming */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { conversationOf, type WireMessage } from "./conversation.ts";
import { openaiDoor, openaiError, openaiShapeError } from "./openai-errors.ts";
import { outputOf, responseEvents, responseOf } from "./openai-responses-answer.ts";
import { isSealedThought } from "./thoughts.ts";
import { jsonOf, type WireError, type WireFormat, type WireRequest } from "./wire-format.ts";

const Part = z.looseObject({ type: z.string(), text: z.string().optional() });
const Content = z.union([z.string(), z.array(Part)]);
const Item = z.looseObject({
  type: z.string().default("message"),
  role: z.enum(["developer", "system", "user", "assistant"]).optional(),
  id: z.string().optional(),
  call_id: z.string().optional(),
  content: Content.optional(),
  output: Content.optional(),
  encrypted_content: z.string().nullish(),
});
type Item = z.infer<typeof Item>;
const ResponsesRequest = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(Item).min(1)]),
  stream: z.boolean().nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish(), summary: z.string().nullish() }).nullish(),
});

const itemsOf = (input: string | Item[]): Item[] =>
  typeof input === "string" ? [{ type: "message", role: "user", content: input }] : input;

function messageOf(item: Item): WireMessage[] {
  if (item.type === "function_call_output") return [{ role: "tool", content: item.output }];
  return item.type === "message" ? [{ role: item.role ?? "user", content: item.content }] : [];
}

/** What the guides on function calling and reasoning ask of the items of a conversation. Null if all is in order. */
function wrongItem(items: Item[]): string | null {
  const calls = new Set<string>();
  const thoughts = new Set<string>();
  for (const [at, item] of items.entries()) {
    const suffix = item.id?.slice(item.id.indexOf("_")) ?? "";
    if (item.type === "reasoning") {
      thoughts.add(suffix);
      if (!isSealedThought(item.encrypted_content ?? "")) {
        return `The encrypted content for item ${item.id} could not be verified.`;
      }
      const next = items[at + 1];
      if (!next || (next.type !== "function_call" && next.role !== "assistant")) {
        return `Item '${item.id}' of type 'reasoning' was provided without its required following item.`;
      }
    }
    // This emulator gives what follows a thought an id that ends in the thought's own, with a mark.
    if (suffix.endsWith("r") && !thoughts.has(suffix)) {
      return `Item '${item.id}' of type '${item.type}' was provided without its required 'reasoning' item: 'rs${suffix}'.`;
    }
    if (item.type === "function_call") calls.add(item.call_id ?? "");
    if (item.type === "function_call_output" && !calls.has(item.call_id ?? "")) {
      return `No tool call found for function call output with call_id ${item.call_id}.`;
    }
  }
  return null;
}

function parse({ body }: { body: string }): WireRequest | WireError {
  const json = jsonOf(body);
  if (json === undefined) return openaiError(400, "We could not parse the JSON body of your request.");
  const parsed = ResponsesRequest.safeParse(json);
  if (!parsed.success) return openaiShapeError(parsed.error.issues[0]);
  const { model, input, stream, reasoning } = parsed.data;
  const items = itemsOf(input);
  const wrong = wrongItem(items);
  if (wrong !== null) return openaiError(400, wrong, "input");
  const thinks = reasoning !== undefined && reasoning !== null && reasoning.effort !== "none";
  return {
    model,
    stream: stream ?? false,
    conversation: conversationOf(items.flatMap(messageOf)),
    promptChars: body.length,
    thinks,
    showsThoughts: thinks && typeof reasoning.summary === "string",
    includeUsage: true,
    framing: "sse",
  };
}

export const openaiResponsesFormat: WireFormat = {
  ...openaiDoor,
  serves: (path) => path === "/v1/responses",
  parse,
  whole: (request, turn, usage) =>
    responseOf(request, { id: randomBytes(24).toString("hex"), output: outputOf(request, turn), usage }),
  stream: (request, turn, usage) => responseEvents(request, turn, usage),
};
