/** Answers of our own in the shape of https://ai.google.dev/api/generate-content, for the gate's self-test. */
import type { Json } from "../json.ts";
import type { CallFacts, Turn } from "../wire-format.ts";

export const wholeAnswer = (model: string, id: string, turn: Turn): Json => ({
  candidates: [
    {
      content: {
        parts: ["tool" in turn ? { functionCall: { name: turn.tool, args: turn.args } } : { text: turn.text }],
        role: "model",
      },
      finishReason: "STOP",
      index: 0,
    },
  ],
  usageMetadata: { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 },
  modelVersion: model,
  responseId: id,
});

export function streamedAnswer({ model, framing }: CallFacts, id: string, turn: Turn): string[] {
  const chunk = JSON.stringify(wholeAnswer(model, id, turn));
  return framing === "sse" ? [`data: ${chunk}\r\n\r\n`] : [`[${chunk}]`];
}
