import { createRedactor } from "@berth/redaction";
import { describe, expect, it } from "vitest";
import { secret, secretBase64 } from "../testing/emulated-proxy.ts";
import { anthropicMessages, googleGenerate, openaiResponses } from "./formats/index.ts";
import type { Json } from "./json.ts";
import { outgoingBody } from "./outgoing-request.ts";
import { spoiledSignature } from "./spoiled-signature.ts";
import type { WireFormat } from "./wire-format.ts";

const redactor = createRedactor([{ name: "db-password", value: secret }]);
const sent = (format: WireFormat, body: Json): Json =>
  JSON.parse(outgoingBody(format, body, { redactor, spansJson: false }).payload.toString());

describe("a signed thought of Anthropic's", () => {
  const call = { type: "tool_use", id: "toolu_1", name: "file", input: { path: "a" } };
  const result = { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "ok" }] };
  const enabled = { thinking: { type: "enabled", budget_tokens: 1024 } };
  const hidden: [string, Json][] = [
    ["in its text", { type: "thinking", thinking: `hm ${secret}`, signature: "c2ln" }],
    ["sealed", { type: "redacted_thinking", data: secretBase64 }],
    [
      "taken out of it before",
      { type: "thinking", thinking: "hm SECRET_REF(db-password)", signature: spoiledSignature },
    ],
  ];
  const over = (thought: Json) => ({
    ...enabled,
    messages: [
      { role: "user", content: "q" },
      { role: "assistant", content: [thought, call] },
      result,
      { role: "assistant", content: "done" },
      { role: "user", content: "next" },
    ],
  });
  const underWay = (thought: Json, more: Json = enabled) => ({
    ...more,
    messages: [{ role: "user", content: "q" }, { role: "assistant", content: [thought, call] }, result],
  });

  it.each(hidden)("is left out of a turn that is over: %s", (_where, thought) => {
    const expected = over(thought);
    expected.messages[1] = { role: "assistant", content: [call] };
    expect(sent(anthropicMessages, over(thought))).toEqual(expected);
  });

  it.each(hidden)(
    "is refused in the turn under way, for it could neither be edited nor left out: %s",
    (_where, thought) => {
      expect(() => sent(anthropicMessages, underWay(thought))).toThrow(/signed thinking block/i);
    },
  );

  it.each(hidden)("is left out of the turn under way where thinking is switched off: %s", (_where, thought) => {
    const body = sent(anthropicMessages, underWay(thought, {}));
    expect(body.messages).toEqual([{ role: "user", content: "q" }, { role: "assistant", content: [call] }, result]);
  });

  it("takes its message along if nothing else is in it", () => {
    const [, thought] = hidden[0] ?? [];
    const messages = [
      { role: "user", content: "q" },
      { role: "assistant", content: [thought] },
      { role: "user", content: "next" },
    ];
    expect(sent(anthropicMessages, { ...enabled, messages }).messages).toEqual([messages[0], messages[2]]);
  });

  it("passes unchanged when it holds none, beside one that does", () => {
    const clean = { type: "thinking", thinking: "hm", signature: "c2ln" };
    const body = over({ type: "thinking", thinking: secret, signature: "c2ln" });
    body.messages.splice(3, 1, { role: "assistant", content: [clean, { type: "text", text: secret }] });
    const [, , , kept] = sent(anthropicMessages, body).messages as Json[];
    expect(kept?.content).toEqual([clean, { type: "text", text: "SECRET_REF(db-password)" }]);
  });
});

describe("a sealed item of OpenAI's", () => {
  const call = { id: "fc_1", type: "function_call", call_id: "call_1", name: "file", arguments: "{}" };
  const result = { type: "function_call_output", call_id: "call_1", output: "ok" };
  const said = { id: "msg_1", type: "message", role: "assistant", content: [{ type: "output_text", text: "done" }] };
  const user = { role: "user", content: "q" };
  const hidden: [string, Json][] = [
    [
      "in its summary",
      { id: "rs_1", type: "reasoning", summary: [{ type: "summary_text", text: secret }], encrypted_content: "c2ln" },
    ],
    ["in the seal", { id: "rs_1", type: "reasoning", summary: [], encrypted_content: secretBase64 }],
    ["taken out of it before", { id: "rs_1", type: "reasoning", summary: [], encrypted_content: spoiledSignature }],
  ];

  it.each(hidden)("is left out of a turn that is over, with the ids that ask for it: %s", (_where, thought) => {
    const second = { ...said, id: "msg_2" };
    const input = [user, thought, call, result, said, user, second, user];
    const { id: _call, ...callWithoutId } = call;
    const { id: _said, ...saidWithoutId } = said;
    expect(sent(openaiResponses, { input }).input).toEqual([
      user,
      callWithoutId,
      result,
      saidWithoutId,
      user,
      second,
      user,
    ]);
  });

  it.each(hidden)("is refused in the turn under way: %s", (_where, thought) => {
    expect(() => sent(openaiResponses, { input: [user, thought, call, result] })).toThrow(
      /sealed item of type reasoning/i,
    );
  });

  it("is refused in any turn if it stands for the whole conversation before it", () => {
    const compaction = { id: "cmp_1", type: "compaction", encrypted_content: secretBase64 };
    expect(() => sent(openaiResponses, { input: [compaction, user] })).toThrow(/sealed item of type compaction/i);
  });
});

describe("a signed part of Gemini's", () => {
  const user = { role: "user", parts: [{ text: "q" }] };
  const result = { role: "user", parts: [{ functionResponse: { name: "file", response: { output: "ok" } } }] };
  const callWith = (value: string, thoughtSignature: string) => ({
    functionCall: { name: "file", args: { note: value } },
    thoughtSignature,
  });

  it.each([
    ["in the call", callWith(secret, "c2ln")],
    ["in the signature", callWith("x", secretBase64)],
    ["taken out of the call before", callWith("SECRET_REF(db-password)", spoiledSignature)],
  ])("is refused in the turn under way: %s", (_where, part) => {
    expect(() => sent(googleGenerate, { contents: [user, { role: "model", parts: [part] }, result] })).toThrow(
      /signed function call/i,
    );
  });

  it("loses its signature in a turn that is over, and the call its secret", () => {
    const parts = [callWith(secret, "c2ln"), { text: `so ${secret}`, thoughtSignature: "c2ln" }];
    const contents = [user, { role: "model", parts }, result, user];
    expect(sent(googleGenerate, { contents }).contents).toEqual([
      user,
      {
        role: "model",
        parts: [
          { functionCall: { name: "file", args: { note: "SECRET_REF(db-password)" } } },
          { text: "so SECRET_REF(db-password)" },
        ],
      },
      result,
      user,
    ]);
  });

  it("is left out whole if it is a thought", () => {
    const parts = [{ text: secret, thought: true, thoughtSignature: "c2ln" }, { text: "hello" }];
    expect(sent(googleGenerate, { contents: [user, { role: "model", parts }, user] }).contents).toEqual([
      user,
      { role: "model", parts: [{ text: "hello" }] },
      user,
    ]);
  });

  it("is refused when its fields are spelt in the way that nobody reads here", () => {
    const parts = [{ text: secret, thought_signature: "c2ln" }];
    expect(() =>
      googleGenerate.factsOf({ contents: [{ role: "model", parts }] }, { path: "", query: new URLSearchParams() }),
    ).toThrow(/thought_signature.*camelCase/);
  });
});
