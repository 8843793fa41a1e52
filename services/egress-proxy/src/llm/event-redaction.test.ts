import { createRedactor } from "@berth/redaction";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anthropic } from "./anthropic.ts";
import { createEventRedaction } from "./event-redaction.ts";
import { openai } from "./openai.ts";
import { isJson, type Provider } from "./provider.ts";
import { createSseReader } from "./sse.ts";

const secrets = [
  { name: "one", value: "abcabcab" },
  { name: "two", value: "bcabXY-7" },
];
const redactor = createRedactor(secrets);

/** The events of an answer whose running texts (by block or choice) come in the given pieces, interleaved. */
type Piece = { index: number; text: string };
const wire = {
  anthropic: (pieces: Piece[]) => {
    const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
    const deltas = pieces.map(({ index, text }) =>
      event("content_block_delta", { index, delta: { type: "text_delta", text } }),
    );
    const stops = [0, 1].map((index) => event("content_block_stop", { index }));
    return [": keep-alive\n\n", ...deltas, event("ping", {}), ...stops, event("message_stop", {})].join("");
  },
  openai: (pieces: Piece[]) => {
    const event = (index: number, delta: object, finish: string | null) =>
      `data: ${JSON.stringify({ id: "c", choices: [{ index, delta, finish_reason: finish }] })}\r\n\r\n`;
    const deltas = pieces.map(({ index, text }) => event(index, { content: text }, null));
    return [...deltas, ...[0, 1].map((index) => event(index, {}, "stop")), "data: [DONE]\r\n\r\n"].join("");
  },
};

function through(provider: Provider, stream: string, cuts: number[]): { out: string; lasts: number } {
  const reader = createSseReader();
  const redaction = createEventRedaction({ redactor, provider });
  const at = [...new Set(cuts.map((cut) => cut % stream.length))].sort((a, b) => a - b);
  const ready = [0, ...at].flatMap((from, index) =>
    reader.push(stream.slice(from, at[index] ?? stream.length)).flatMap(redaction.push),
  );
  ready.push(...reader.end().flatMap(redaction.push), ...redaction.end());
  return { out: ready.map(({ text }) => text).join(""), lasts: ready.filter(({ last }) => last).length };
}

/** What a client would put together, by block or choice. */
function readBack(stream: string): string[] {
  const texts = ["", ""];
  for (const { data } of createSseReader().push(stream)) {
    if (data === null || data === "[DONE]") continue;
    const event = JSON.parse(data);
    const choice = event.choices?.[0];
    const index: number = event.index ?? choice?.index ?? 0;
    texts[index] += (isJson(event.delta) ? event.delta.text : choice?.delta.content) ?? "";
  }
  return texts;
}

const pieces = fc.array(
  fc.record({
    index: fc.nat(1),
    text: fc.oneof(
      fc.string({ unit: fc.constantFrom("a", "b", "c", "X", " ", "é"), maxLength: 6 }),
      fc.constantFrom("abcabcab", "abXY-7"),
    ),
  }),
  { maxLength: 25 },
);

describe.each([anthropic, openai])("$api stream", (provider) => {
  it("reads like the whole text redacted, wherever pieces and bytes are cut, and keeps its end", () => {
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(5000), { maxLength: 15 }), (parts, cuts) => {
        const stream = wire[provider.api](parts);
        const { out, lasts } = through(provider, stream, cuts);
        const texts = [0, 1].map((index) => parts.map((part) => (part.index === index ? part.text : "")).join(""));
        expect(readBack(out)).toEqual(texts.map(redactor.redactText));
        expect(lasts).toBe(1);
        // Free of secrets means byte for byte, blank lines and comments included.
        if (texts.every((text) => redactor.redactText(text) === text)) expect(out).toBe(stream);
      }),
      { numRuns: 400 },
    );
  });

  it("passes the end on although the provider never closed its texts", () => {
    const stream = wire[provider.api]([{ index: 0, text: "abcabca" }])
      .split(/(?<=\n\r?\n)/)
      .filter((event) => event.includes("abcabca"))
      .join("");
    expect(through(provider, stream, []).out).toBe(stream);
  });

  it("redacts what is no text of the answer: an error event, a model's name, a broken line", () => {
    for (const event of [
      'event: error\ndata: {"type":"error","error":{"message":"x abcabcab"}}\n\n',
      'data: {"model":"abcabcab","choices":[]}\n\n',
      "data: not json abcabcab\n\n",
      ": comment abcabcab\n\n",
      "id: abcabcab\ndata: {}\n\n",
    ]) {
      expect(through(provider, event, []).out).toBe(event.replace("abcabcab", "SECRET_REF(one)"));
    }
  });
});

it("an event without end is given up instead of filling the memory", () => {
  const reader = createSseReader();
  expect(() => {
    for (let at = 0; at < 40; at += 1) reader.push("x".repeat(1_000_000));
  }).toThrow(RangeError);
});
