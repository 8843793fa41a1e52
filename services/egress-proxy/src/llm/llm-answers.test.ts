import type { ServerResponse } from "node:http";
import { untilTrue } from "@berth/platform";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reference, secret, secretBase64 } from "../testing/emulated-proxy.ts";
import { type OddProvider, startOddProvider } from "../testing/odd-provider.ts";
import {
  bodyOf,
  errorOf,
  formats,
  type ProxyUnderTest,
  say,
  startProxyUnderTest,
} from "../testing/proxy-under-test.ts";

let provider: OddProvider;
let tested: ProxyUnderTest;

beforeEach(async () => {
  provider = await startOddProvider();
  const secrets = [{ name: "db-password", value: secret }];
  tested = await startProxyUnderTest({ upstreams: provider.upstreams, secrets });
});
afterEach(async () => {
  await tested.close();
  await provider.close();
  for (const hidden of [secret, provider.apiKey]) expect(tested.logged()).not.toContain(hidden);
});

const chatEvent = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: "c1", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const typedEvent = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const stream = (response: ServerResponse) => response.writeHead(200, { "content-type": "text/event-stream" });
/** The JSON of each event. */
const eventsIn = (text: string): ReturnType<typeof JSON.parse>[] =>
  text.split(/\r?\n\r?\n/).flatMap((each) => {
    const at = each.indexOf("data: {");
    return at < 0 ? [] : [JSON.parse(each.slice(at + 6))];
  });

describe.each(formats)("an answer in the %s format that holds a secret", (format) => {
  it.each([200, 400, 500])(
    "is redacted when it comes in one piece, headers and field names too: %i",
    async (status) => {
      provider.answer((response) => {
        response.writeHead(status, { "content-type": "application/json", "x-request-id": `r ${secret}` });
        response.end(JSON.stringify({ error: { message: `it is ${secret}` }, [secret]: [secretBase64, 12345678] }));
      });
      const answer = await tested.post(format, bodyOf(format, say(format, "hi")));
      expect(answer.status).toBe(status);
      expect(answer.headers.get("x-request-id")).toBe(`r ${reference}`);
      expect(await answer.json()).toEqual({
        error: { message: `it is ${reference}` },
        [reference]: [reference, 12345678],
      });
    },
  );

  it("is redacted when it is no JSON", async () => {
    provider.answer((response) => response.writeHead(503, { "content-type": "text/html" }).end(`<b>${secret}</b>`));
    expect(await (await tested.post(format, bodyOf(format, say(format, "hi")))).text()).toBe(`<b>${reference}</b>`);
  });
});

describe("a stream that holds a secret, letter by letter", () => {
  it("loses it in OpenAI's chunks, also between interleaved calls", async () => {
    provider.answer((response) => {
      stream(response);
      for (const letter of JSON.stringify({ password: secret })) {
        response.write(chatEvent({ content: letter }));
        response.write(chatEvent({ tool_calls: [{ index: 1, function: { arguments: letter } }] }));
      }
      response.end(`${chatEvent({}, "stop")}data: [DONE]\n\n`);
    });
    const body = bodyOf("openai-chat", say("openai-chat", "hi"));
    const text = await (await tested.post("openai-chat", body, { stream: true })).text();
    const deltas = eventsIn(text).map(({ choices }) => choices[0].delta);
    const content = deltas.map((delta) => delta.content ?? "").join("");
    const args = deltas.map((delta) => delta.tool_calls?.[0].function.arguments ?? "").join("");
    expect(JSON.parse(content)).toEqual({ password: reference });
    expect(JSON.parse(args)).toEqual({ password: reference });
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  });

  it("loses it in Anthropic's deltas, block by block", async () => {
    provider.answer((response) => {
      stream(response);
      const usage = { input_tokens: 5, output_tokens: 1 };
      response.write(typedEvent("message_start", { message: { id: "m", content: [], usage } }));
      for (const index of [0, 1]) {
        response.write(typedEvent("content_block_start", { index, content_block: { type: "text", text: "" } }));
        for (const letter of `<${secretBase64}> ${secret.slice(0, 9)}`) {
          response.write(typedEvent("content_block_delta", { index, delta: { type: "text_delta", text: letter } }));
        }
        response.write(typedEvent("content_block_stop", { index }));
      }
      const delta = { stop_reason: "end_turn" };
      response.write(typedEvent("message_delta", { delta, usage: { output_tokens: 77 } }));
      response.end(typedEvent("message_stop", {}));
    });
    const body = bodyOf("anthropic-messages", say("anthropic-messages", "hi"));
    const events = eventsIn(await (await tested.post("anthropic-messages", body, { stream: true })).text());
    const ofBlock = (index: number) =>
      events.flatMap((event) => (event.index === index ? [event.delta?.text ?? ""] : [])).join("");
    // What only begins like a secret comes through once the block ends.
    expect([ofBlock(0), ofBlock(1)]).toEqual(Array(2).fill(`<${reference}> ${secret.slice(0, 9)}`));
    expect(await tested.booked()).toEqual({ input: 5, output: 77 });
  });

  it("loses it in the deltas of a response, and in what repeats them whole", async () => {
    const args = JSON.stringify({ password: secret });
    const item = { id: "fc_1", type: "function_call", call_id: "call_1", name: "file", arguments: args };
    provider.answer((response) => {
      stream(response);
      const place = { item_id: "fc_1", output_index: 0 };
      for (const delta of args)
        response.write(typedEvent("response.function_call_arguments.delta", { ...place, delta }));
      response.write(typedEvent("response.function_call_arguments.done", { ...place, arguments: args }));
      response.write(typedEvent("response.output_item.done", { output_index: 0, item }));
      const usage = { input_tokens: 9, output_tokens: 4 };
      response.end(typedEvent("response.completed", { response: { output: [item], usage } }));
    });
    const body = bodyOf("openai-responses", say("openai-responses", "hi"));
    const events = eventsIn(await (await tested.post("openai-responses", body, { stream: true })).text());
    const redacted = JSON.stringify({ password: reference });
    expect(events.map(({ delta }) => delta ?? "").join("")).toBe(redacted);
    expect(
      events.slice(-3).map((event) => event.arguments ?? (event.item ?? event.response.output[0]).arguments),
    ).toEqual(Array(3).fill(redacted));
    expect(await tested.booked()).toEqual({ input: 9, output: 4 });
  });

  it("loses it in Gemini's chunks, in texts, thoughts and arguments", async () => {
    const chunk = (parts: object[], more: object = {}) =>
      `data: ${JSON.stringify({ candidates: [{ content: { parts, role: "model" }, index: 0, ...more }] })}\r\n\r\n`;
    provider.answer((response) => {
      stream(response);
      for (const text of secret) response.write(chunk([{ text }, { text, thought: true }]));
      const args = { password: secret, list: [secretBase64] };
      response.end(chunk([{ functionCall: { name: "file", args } }], { finishReason: "STOP" }));
    });
    const body = bodyOf("google-generate", say("google-generate", "hi"));
    const events = eventsIn(await (await tested.post("google-generate", body, { stream: true })).text());
    const parts = events.flatMap(({ candidates }) => candidates[0].content.parts);
    const textOf = (thought: boolean) =>
      parts.map((part) => ((part.thought ?? false) === thought ? (part.text ?? "") : "")).join("");
    expect([textOf(false), textOf(true)]).toEqual([reference, reference]);
    expect(parts.at(-1).functionCall.args).toEqual({ password: reference, list: [reference] });
  });
});

describe("a signed part of an answer from which a secret was taken", () => {
  const spoiled = Buffer.from("berth:redacted").toString("base64");

  it("loses its signature in Anthropic's stream, and no other part does", async () => {
    provider.answer((response) => {
      stream(response);
      for (const [index, thought] of [`the code is ${secret}`, "no secret"].entries()) {
        for (const thinking of thought) {
          response.write(typedEvent("content_block_delta", { index, delta: { type: "thinking_delta", thinking } }));
        }
        const delta = { type: "signature_delta", signature: "c2lnbmF0dXJl" };
        response.write(typedEvent("content_block_delta", { index, delta }));
        response.write(typedEvent("content_block_stop", { index }));
      }
      response.end(typedEvent("message_stop", {}));
    });
    const body = bodyOf("anthropic-messages", say("anthropic-messages", "hi"));
    const events = eventsIn(await (await tested.post("anthropic-messages", body, { stream: true })).text());
    const signatures = events.flatMap(({ delta }) => (delta?.type === "signature_delta" ? [delta.signature] : []));
    expect(signatures).toEqual([spoiled, "c2lnbmF0dXJl"]);
  });

  it.each([
    ["anthropic-messages", { content: [{ type: "thinking", thinking: secret, signature: "c2ln" }] }, "signature"],
    [
      "openai-responses",
      { output: [{ type: "reasoning", summary: [{ text: secret }], encrypted_content: "c2ln" }] },
      "encrypted_content",
    ],
    [
      "google-generate",
      { candidates: [{ content: { parts: [{ text: secret, thoughtSignature: "c2ln" }] } }] },
      "thoughtSignature",
    ],
  ] as const)("loses it in a whole answer of %s", async (format, body, key) => {
    provider.answer((response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    const text = await (await tested.post(format, bodyOf(format, say(format, "hi")))).text();
    expect(text).toBe(JSON.stringify(body).replace("c2ln", spoiled).replace(secret, reference));
    expect(text).toContain(`"${key}":"${spoiled}"`);
  });
});

describe("when the provider or the gateway breaks off", () => {
  const anyBody = (format: (typeof formats)[number]) => bodyOf(format, say(format, "hi"));

  it("answers 502 for a dead provider and books nothing", async () => {
    await tested.configure({ upstreams: { openai: { baseUrl: "http://127.0.0.1:1", apiKey: "some-dead-key" } } });
    const answer = await tested.post("openai-chat", anyBody("openai-chat"));
    expect(answer.status).toBe(502);
    expect((await errorOf(answer)).error.type).toBe("server_error");
    expect(await tested.booked()).toEqual({});
  });

  it("does not follow a redirect", async () => {
    provider.answer((response) => response.writeHead(307, { location: `${provider.url}/elsewhere` }).end());
    expect((await tested.post("anthropic-messages", anyBody("anthropic-messages"))).status).toBe(502);
    expect(provider.paths()).toEqual(["/v1/messages"]);
  });

  it("stops the provider's stream when the gateway leaves, and books what came until then", async () => {
    let providerSide: ServerResponse | undefined;
    provider.answer((response) => {
      providerSide = stream(response);
      const usage = { input_tokens: 123, output_tokens: 1, cache_read_input_tokens: 45 };
      response.write(typedEvent("message_start", { message: { id: "m", content: [], usage } }));
      const delta = { type: "text_delta", text: "forty characters of an answer, more or less. " };
      response.write(typedEvent("content_block_delta", { index: 0, delta }));
    });
    const stop = new AbortController();
    const answer = await tested.post("anthropic-messages", anyBody("anthropic-messages"), {
      stream: true,
      signal: stop.signal,
    });
    await answer.body?.getReader().read();
    stop.abort();
    await untilTrue(() => providerSide?.destroyed, { timeoutMs: 5000, intervalMs: 5 });
    await untilTrue(async () => (await tested.booked()).input === 123, { timeoutMs: 5000, intervalMs: 10 });
    expect(await tested.booked()).toMatchObject({ input: 123, cache_read: 45, output: expect.any(Number) });
  });

  it("cuts an answer off when the wrapper dies in the middle of it", async () => {
    provider.answer((response) => stream(response).write(chatEvent({ content: "beginning " })));
    const answer = await tested.post("openai-chat", anyBody("openai-chat"), { stream: true });
    tested.wrapper.leave();
    await expect(answer.text()).rejects.toThrow();
  });

  it("answers 504 when the provider does not answer in time, and books the prompt by a guess", async () => {
    provider.answer(() => undefined);
    const { upstreams } = provider;
    const impatient = await startProxyUnderTest({ upstreams }, { timeouts: { headersMs: 50, bodyMs: 50 } });
    const answer = await impatient.post("openai-chat", anyBody("openai-chat"));
    expect(answer.status).toBe(504);
    expect(Object.keys(await impatient.booked())).toEqual(["input"]);
    await impatient.close();
  });
});
