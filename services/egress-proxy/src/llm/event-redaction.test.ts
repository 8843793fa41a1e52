import { createRedactor } from "@berth/redaction";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEventRedaction } from "./event-redaction.ts";
import { anthropicMessages, googleGenerate, openaiChat, openaiResponses } from "./formats/index.ts";
import type { FrameReader } from "./frames.ts";
import { isJson, parsedOrUndefined } from "./json.ts";
import { createJsonArrayReader } from "./json-array.ts";
import { createSseReader } from "./sse.ts";
import type { WireFormat } from "./wire-format.ts";

const secrets = [
  { name: "one", value: "abcabcab" },
  { name: "two", value: "bcabXY-7" },
];
const redactor = createRedactor(secrets);

/** A piece of one of the two running texts of an answer. */
interface Piece {
  index: number;
  text: string;
}
interface Wire {
  format: WireFormat;
  reader: () => FrameReader;
  /** The answer whose running texts come in these pieces, interleaved. */
  stream(pieces: Piece[]): string;
  /** The pieces that a client finds in one frame's data. */
  read(data: string): Piece[];
}

const sse = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const pieceOf = (index: unknown, text: unknown): Piece[] =>
  typeof text === "string" ? [{ index: Number(index), text }] : [];

const anthropicWire: Wire = {
  format: anthropicMessages,
  reader: createSseReader,
  stream: (pieces) =>
    [
      ": keep-alive\n\n",
      ...pieces.map(({ index, text }) => sse("content_block_delta", { index, delta: { type: "text_delta", text } })),
      sse("ping", {}),
      ...[0, 1].map((index) => sse("content_block_stop", { index })),
      sse("message_stop", {}),
    ].join(""),
  read: (data) => {
    const event = JSON.parse(data);
    return pieceOf(event.index, event.delta?.text);
  },
};

const chatEvent = (index: number, delta: object, finish: string | null) =>
  `data: ${JSON.stringify({ id: "c", choices: [{ index, delta, finish_reason: finish }] })}\r\n\r\n`;
const chatWire: Wire = {
  format: openaiChat,
  reader: createSseReader,
  stream: (pieces) =>
    [
      ...pieces.map(({ index, text }) => chatEvent(index, { content: text }, null)),
      ...[0, 1].map((index) => chatEvent(index, {}, "stop")),
      "data: [DONE]\r\n\r\n",
    ].join(""),
  read: (data) => {
    const [choice] = data === "[DONE]" ? [] : JSON.parse(data).choices;
    return pieceOf(choice?.index, choice?.delta.content);
  },
};

const place = (index: number) => ({ item_id: `msg_${index}`, output_index: index, content_index: 0 });
const responsesWire: Wire = {
  format: openaiResponses,
  reader: createSseReader,
  stream: (pieces) =>
    [
      ...pieces.map(({ index, text }) => sse("response.output_text.delta", { ...place(index), delta: text })),
      ...[0, 1].map((index) =>
        sse("response.output_text.done", {
          ...place(index),
          text: pieces.map((piece) => (piece.index === index ? piece.text : "")).join(""),
        }),
      ),
      sse("response.completed", { response: { usage: { input_tokens: 1, output_tokens: 1 } } }),
    ].join(""),
  read: (data) => {
    const event = JSON.parse(data);
    return pieceOf(event.output_index, event.delta);
  },
};

const chunk = (index: number, text: string, finish: object) =>
  JSON.stringify({ candidates: [{ content: { parts: [{ text }], role: "model" }, ...finish, index }] }, null, 1);
const chunks = (pieces: Piece[]) => [
  ...pieces.map(({ index, text }) => chunk(index, text, {})),
  ...[0, 1].map((index) => chunk(index, "", { finishReason: "STOP" })),
];
const readChunk = (data: string): Piece[] => {
  const [candidate] = JSON.parse(data).candidates;
  return pieceOf(candidate.index, candidate.content.parts[0].text);
};
const googleWire: Wire = {
  format: googleGenerate,
  reader: createSseReader,
  stream: (pieces) =>
    chunks(pieces)
      .map((each) => `data: ${each.replaceAll("\n", "")}\r\n\r\n`)
      .join(""),
  read: readChunk,
};
const googleListWire: Wire = {
  format: googleGenerate,
  reader: createJsonArrayReader,
  stream: (pieces) => `[${chunks(pieces).join("\n,\r\n")}\n]\n`,
  read: readChunk,
};

function through({ format, reader: start }: Wire, stream: string, cuts: number[]): { out: string; lasts: number } {
  const reader = start();
  const redaction = createEventRedaction({ redactor, format });
  const take = (frames: ReturnType<FrameReader["push"]>) =>
    frames.flatMap((frame) => {
      const json = parsedOrUndefined(frame.data ?? "");
      return redaction.push(frame, isJson(json) ? json : null);
    });
  const at = [...new Set(cuts.map((cut) => cut % stream.length))].sort((a, b) => a - b);
  const ready = [0, ...at].flatMap((from, index) => take(reader.push(stream.slice(from, at[index] ?? stream.length))));
  ready.push(...take(reader.end()), ...redaction.end());
  return { out: ready.map(({ text }) => text).join(""), lasts: ready.filter(({ last }) => last).length };
}

/** What a client would put together, by running text. */
function readBack(wire: Wire, stream: string): string[] {
  const texts = ["", ""];
  const reader = wire.reader();
  for (const { data } of [...reader.push(stream), ...reader.end()]) {
    for (const { index, text } of data === null ? [] : wire.read(data)) texts[index] += text;
  }
  return texts;
}

const pieces = fc.array(
  fc.record({
    index: fc.nat(1),
    text: fc.oneof(
      fc.string({ unit: fc.constantFrom("a", "b", "c", "X", " ", "é", '"', "\\", "}", "]"), maxLength: 6 }),
      fc.constantFrom("abcabcab", "abXY-7"),
    ),
  }),
  { maxLength: 25 },
);

describe.each([
  ["anthropic-messages", anthropicWire],
  ["openai-chat", chatWire],
  ["openai-responses", responsesWire],
  ["google-generate", googleWire],
  ["google-generate as a JSON list", googleListWire],
])("a stream of %s", (_name, wire) => {
  it("reads like the whole text redacted, wherever pieces and bytes are cut, and keeps its end", () => {
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(5000), { maxLength: 15 }), (parts, cuts) => {
        const stream = wire.stream(parts);
        const { out, lasts } = through(wire, stream, cuts);
        const texts = [0, 1].map((index) => parts.map((part) => (part.index === index ? part.text : "")).join(""));
        expect(readBack(wire, out)).toEqual(texts.map((text) => redactor.redactText(text)));
        expect(lasts).toBe(wire.format === googleGenerate ? 0 : 1);
        for (const { value } of secrets) expect(out).not.toContain(value);
        // Free of secrets means byte for byte, blank lines and comments included.
        if (texts.every((text) => redactor.redactText(text) === text)) expect(out).toBe(stream);
      }),
      { numRuns: 400 },
    );
  });

  it("passes the end on although the provider never closed its texts", () => {
    const [first = ""] =
      wire
        .stream([{ index: 0, text: "abcabca" }])
        .match(/^(?:: keep-alive\n\n)?[\s\S]*?abcabca[\s\S]*?(?:\r?\n\r?\n|\n,\r\n)/) ?? [];
    expect(first).toContain("abcabca");
    expect(through(wire, first, []).out).toBe(first);
  });

  it("passes a reference on as it is, in whatever pieces it comes", () => {
    const parts = [..."use SECRET_REF(one), please"].map((text) => ({ index: 0, text }));
    const stream = wire.stream(parts);
    expect(through(wire, stream, [11, 50, 51, 52, 300]).out).toBe(stream);
  });
});

it.each([googleWire, googleListWire])("a chunk that closes the answer waits for the end of the stream", (wire) => {
  const reader = wire.reader();
  const redaction = createEventRedaction({ redactor, format: wire.format });
  const frames = [...reader.push(wire.stream([{ index: 0, text: "hello" }])), ...reader.end()];
  const ready = frames.flatMap((frame) => {
    const json = parsedOrUndefined(frame.data ?? "");
    return redaction.push(frame, isJson(json) ? json : null);
  });
  // The two answers end one after the other; behind the second nothing is known to follow.
  const closing = ({ text }: { text: string }) => text.includes("STOP");
  expect(ready.filter(closing)).toHaveLength(1);
  expect(redaction.end().filter(closing)).toHaveLength(1);
});

describe("what is no text of the answer", () => {
  it.each<[Wire, string]>([
    [anthropicWire, 'event: error\ndata: {"type":"error","error":{"message":"x abcabcab"}}\n\n'],
    [chatWire, 'data: {"model":"abcabcab","choices":[]}\n\n'],
    [chatWire, "data: not json abcabcab\n\n"],
    [chatWire, ": comment abcabcab\n\n"],
    [chatWire, "id: abcabcab\ndata: {}\n\n"],
    [responsesWire, 'event: error\ndata: {"type":"error","code":"abcabcab","message":"m"}\n\n'],
    [googleWire, 'data: {"error":{"message":"abcabcab"}}\n\n'],
    [googleListWire, '[{"error":{"message":"abcabcab"}}\n]'],
    [googleListWire, '{"error":"abcabcab"}'],
    [googleListWire, "not json abcabcab"],
  ])("is redacted, too: %j", (wire, stream) => {
    expect(through(wire, stream, []).out).toBe(stream.replace("abcabcab", "SECRET_REF(one)"));
  });
});

it.each([createSseReader, createJsonArrayReader])(
  "an event without end is given up instead of filling the memory",
  (start) => {
    const reader = start();
    expect(() => {
      reader.push("[{");
      for (let at = 0; at < 40; at += 1) reader.push("x".repeat(1_000_000));
    }).toThrow(RangeError);
  },
);
