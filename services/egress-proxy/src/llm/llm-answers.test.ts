import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type LlmEmulator, startLlmEmulator } from "@berth/emulators";
import { untilTrue } from "@berth/platform";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  bodyOf,
  dummyHeaders,
  errorOf,
  type ProxyUnderTest,
  pathOf,
  say,
  startProxyUnderTest,
} from "../testing/proxy-under-test.ts";

const keys = { anthropicKey: "real-anthropic-key-4711", openaiKey: "real-openai-key-4712" };
const secret = "s3cr3t/VALUE+of the vault";
const reference = "SECRET_REF(db-password)";
const base64 = Buffer.from(secret).toString("base64");

let emulator: LlmEmulator;
let tested: ProxyUnderTest;

beforeEach(async () => {
  emulator = await startLlmEmulator({ port: 0, ...keys });
  const upstreams = {
    anthropic: { baseUrl: emulator.anthropicUrl, apiKey: keys.anthropicKey },
    openai: { baseUrl: emulator.openaiUrl, apiKey: keys.openaiKey },
  };
  const secrets = [{ name: "db-password", value: secret }];
  tested = await startProxyUnderTest({ upstreams, secrets }, { requestBytesMax: 100_000 });
});
afterEach(async () => {
  await tested.close();
  await emulator.close();
  for (const hidden of [secret, keys.anthropicKey, keys.openaiKey]) expect(tested.logged()).not.toContain(hidden);
});

/** A provider that does what a test says, for what the emulator never does. */
async function oddProvider(answer: (response: ServerResponse) => void): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => answer(response));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const upstream = { baseUrl, apiKey: "key-of-odd-one" };
  await tested.configure({ upstreams: { anthropic: upstream, openai: upstream } });
  return server;
}
const openaiEvent = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: "c1", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const anthropicEvent = (type: string, fields: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

describe("an answer that holds a secret", () => {
  it("is redacted when it comes in one piece", async () => {
    const server = await oddProvider((response) => {
      response.writeHead(200, { "content-type": "application/json", "x-request-id": `r ${secret}` });
      response.end(JSON.stringify({ choices: [{ message: { content: `it is ${secret}` } }] }));
    });
    const answer = await tested.post("openai", bodyOf("openai", say("hi")));
    expect(answer.headers.get("x-request-id")).toBe(`r ${reference}`);
    expect(await answer.json()).toEqual({ choices: [{ message: { content: `it is ${reference}` } }] });
    server.close();
  });

  it("is redacted when split across OpenAI's chunks, also between interleaved tool calls", async () => {
    const letters = [...JSON.stringify({ password: secret })];
    const server = await oddProvider((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const letter of letters) {
        response.write(openaiEvent({ content: letter }));
        response.write(openaiEvent({ tool_calls: [{ index: 1, function: { arguments: letter } }] }));
      }
      response.end(`${openaiEvent({}, "stop")}data: [DONE]\n\n`);
    });
    const text = await (await tested.post("openai", bodyOf("openai", say("hi"), { stream: true }))).text();
    const events = text.split("\n\n").filter((each) => each.startsWith("data: {"));
    const deltas = events.map((each) => JSON.parse(each.slice(6)).choices[0].delta);
    const content = deltas.map((delta) => delta.content ?? "").join("");
    const args = deltas.map((delta) => delta.tool_calls?.[0].function.arguments ?? "").join("");
    expect(JSON.parse(content)).toEqual({ password: reference });
    expect(JSON.parse(args)).toEqual({ password: reference });
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    server.close();
  });

  it("is redacted when split across Anthropic's deltas, block by block", async () => {
    const server = await oddProvider((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const usage = { input_tokens: 5, output_tokens: 1 };
      response.write(anthropicEvent("message_start", { message: { id: "m", content: [], usage } }));
      for (const index of [0, 1]) {
        response.write(anthropicEvent("content_block_start", { index, content_block: { type: "text", text: "" } }));
        for (const letter of `<${base64}> ${secret.slice(0, 9)}`) {
          response.write(anthropicEvent("content_block_delta", { index, delta: { type: "text_delta", text: letter } }));
        }
        response.write(anthropicEvent("content_block_stop", { index }));
      }
      response.write(
        anthropicEvent("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 77 } }),
      );
      response.end(anthropicEvent("message_stop", {}));
    });
    const text = await (await tested.post("anthropic", bodyOf("anthropic", say("hi"), { stream: true }))).text();
    const events = text
      .split("\n\n")
      .filter((each) => each !== "")
      .map((each) => JSON.parse(each.slice(each.indexOf("data: ") + 6)));
    const ofBlock = (index: number) =>
      events.flatMap((event) => (event.index === index ? [event.delta?.text ?? ""] : [])).join("");
    // What only begins like a secret comes through once the block ends.
    expect([ofBlock(0), ofBlock(1)]).toEqual(Array(2).fill(`<${reference}> ${secret.slice(0, 9)}`));
    expect(await tested.booked()).toEqual({ input: 5, output: 77 });
    server.close();
  });
});

describe("when the provider or the gateway breaks off", () => {
  it("answers 502 for a dead provider and books nothing", async () => {
    await tested.configure({ upstreams: { openai: { baseUrl: "http://127.0.0.1:1", apiKey: "some-dead-key" } } });
    const answer = await tested.post("openai", bodyOf("openai", say("hi")));
    expect(answer.status).toBe(502);
    expect((await errorOf(answer)).error.type).toBe("server_error");
    expect(await tested.booked()).toEqual({});
  });

  it("does not follow a redirect", async () => {
    const server = await oddProvider((response) => {
      response.writeHead(307, { location: `${emulator.url}/v1/messages` }).end();
    });
    expect((await tested.post("anthropic", bodyOf("anthropic", say("hi")))).status).toBe(502);
    expect(emulator.requests()).toEqual([]);
    server.close();
  });

  it("stops the provider's stream when the gateway leaves, and books what came until then", async () => {
    let providerSide: ServerResponse | undefined;
    const server = await oddProvider((response) => {
      providerSide = response;
      response.writeHead(200, { "content-type": "text/event-stream" });
      const usage = { input_tokens: 123, output_tokens: 1, cache_read_input_tokens: 45 };
      response.write(anthropicEvent("message_start", { message: { id: "m", content: [], usage } }));
      const delta = { type: "text_delta", text: "forty characters of an answer, more or less. " };
      response.write(anthropicEvent("content_block_delta", { index: 0, delta }));
    });
    const stop = new AbortController();
    const answer = await fetch(`${tested.proxy.llmUrl}${pathOf.anthropic}`, {
      method: "POST",
      headers: dummyHeaders.anthropic,
      body: JSON.stringify(bodyOf("anthropic", say("hi"), { stream: true })),
      signal: stop.signal,
    });
    await answer.body?.getReader().read();
    stop.abort();
    await untilTrue(() => providerSide?.destroyed, { timeoutMs: 5000, intervalMs: 5 });
    await untilTrue(async () => (await tested.booked()).input === 123, { timeoutMs: 5000, intervalMs: 10 });
    expect(await tested.booked()).toMatchObject({ input: 123, cache_read: 45, output: expect.any(Number) });
    server.close();
  });

  it("cuts an answer off when the wrapper dies in the middle of it", async () => {
    const server = await oddProvider((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(openaiEvent({ content: "beginning " }));
    });
    const answer = await tested.post("openai", bodyOf("openai", say("hi"), { stream: true }));
    tested.wrapper.leave();
    await expect(answer.text()).rejects.toThrow();
    server.closeAllConnections();
    server.close();
  });

  it("answers 504 when the provider does not answer in time, and books the prompt by a guess", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const baseUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const upstreams = { openai: { baseUrl, apiKey: "some-slow-key" } };
    const impatient = await startProxyUnderTest({ upstreams }, { timeouts: { headersMs: 50, bodyMs: 50 } });
    const answer = await impatient.post("openai", bodyOf("openai", say("hi")));
    expect(answer.status).toBe(504);
    expect(Object.keys(await impatient.booked())).toEqual(["input"]);
    silent.closeAllConnections();
    silent.close();
    await impatient.close();
  });
});
