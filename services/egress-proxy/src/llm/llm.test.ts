import { once } from "node:events";
import { createServer, request as httpRequest, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ProxyUsage } from "@berth/contracts";
import { type LlmEmulator, startLlmEmulator } from "@berth/emulators";
import { createLogger, ManualClock, untilTrue } from "@berth/platform";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type EgressProxy, startEgressProxy } from "../start-egress-proxy.ts";
import { type AgentStandIn, checkIn, startAgentStandIn, stateBecomes } from "../testing/agent-stand-in.ts";

const keys = { anthropicKey: "real-anthropic-key-4711", openaiKey: "real-openai-key-4712" };
const secret = "s3cr3t/VALUE+of the vault";
const reference = "SECRET_REF(db-password)";
const base64 = Buffer.from(secret).toString("base64");

let logged: string;
const log = createLogger({
  service: "test",
  level: "debug",
  destination: {
    write(line: string) {
      logged += line;
    },
  },
});
let clock: ManualClock;

let emulator: LlmEmulator;
let agent: AgentStandIn;
let proxy: EgressProxy;
let wrapper: { leave(): void };

beforeEach(async () => {
  logged = "";
  clock = new ManualClock(Date.UTC(2026, 10, 21, 7, 59, 30));
  emulator = await startLlmEmulator({ port: 0, ...keys });
  agent = await startAgentStandIn({
    upstreams: {
      anthropic: { baseUrl: emulator.anthropicUrl, apiKey: keys.anthropicKey },
      openai: { baseUrl: emulator.openaiUrl, apiKey: keys.openaiKey },
    },
    secrets: [{ name: "db-password", value: secret }],
  });
  proxy = await startEgressProxy(agent.egressConfig, { log, clock, requestBytesMax: 100_000 });
  wrapper = await checkIn(proxy.llmUrl);
  await stateBecomes(agent, { configured: true, wrapperPresent: true });
});
afterEach(async () => {
  await proxy.close();
  await agent.close();
  await emulator.close();
  expect(logged).not.toContain(secret);
  expect(logged).not.toContain(keys.anthropicKey);
  expect(logged).not.toContain(keys.openaiKey);
});

const formats = ["anthropic", "openai"] as const;
type Format = (typeof formats)[number];
const pathOf = { anthropic: "/llm/main/anthropic/v1/messages", openai: "/llm/main/openai/v1/chat/completions" };
const dummyHeaders = {
  anthropic: { "x-api-key": "dummy-of-the-gateway", "anthropic-version": "2023-06-01" },
  openai: { authorization: "Bearer dummy-of-the-gateway" },
};
const bodyOf = (format: Format, messages: unknown[], more: object = {}) =>
  format === "anthropic"
    ? { model: "claude-x", max_tokens: 200, messages, ...more }
    : { model: "gpt-x", max_completion_tokens: 200, messages, ...more };
const say = (text: string) => [{ role: "user", content: text }];

const post = (format: Format, body: unknown, options: { headers?: Record<string, string>; query?: string } = {}) =>
  fetch(`${proxy.llmUrl}${pathOf[format]}${options.query ?? ""}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...dummyHeaders[format], ...options.headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

/** The error of a refusal, in either shape. */
const ErrorBody = z.looseObject({
  type: z.string().optional(),
  error: z.looseObject({ message: z.string(), type: z.string() }),
});
const errorOf = async (answer: Response) => ErrorBody.parse(await answer.json());

/** Tokens by kind, as the ledger has them. */
async function booked(): Promise<Record<string, number>> {
  const { json } = await agent.control("GET", "/v1/usage");
  return Object.fromEntries(ProxyUsage.parse(json).buckets.map(({ kind, tokens }) => [kind, tokens]));
}
const kindsOf = {
  anthropic: (usage: Record<string, number>) => ({
    input: usage.input_tokens,
    output: usage.output_tokens,
    cache_read: usage.cache_read_input_tokens,
    cache_write: usage.cache_creation_input_tokens,
  }),
  openai: (usage: {
    prompt_tokens: number;
    completion_tokens: number;
    prompt_tokens_details: Record<string, number>;
  }) => {
    const { cached_tokens: cacheRead = 0, cache_write_tokens: cacheWrite = 0 } = usage.prompt_tokens_details;
    const input = usage.prompt_tokens - cacheRead - cacheWrite;
    return { input, output: usage.completion_tokens, cache_read: cacheRead, cache_write: cacheWrite };
  },
};

describe.each(formats)("a request in the %s format", (format) => {
  it("gets the provider's key in place of the gateway's dummy, and loses what belongs to the connection", async () => {
    const headers = { "proxy-authorization": "Basic x", cookie: "a=b", "x-unknown": "y", "user-agent": "gateway/1" };
    expect((await post(format, bodyOf(format, say("hello")), { headers })).status).toBe(200);
    const [seen] = emulator.requests();
    expect(JSON.stringify(seen)).not.toContain("dummy-of-the-gateway");
    expect(Object.keys(seen?.headers ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:proxy-authorization|cookie|x-unknown)$/)]),
    );
    expect(seen?.headers["user-agent"]).toBe("gateway/1");
  });

  it("arrives byte for byte when no secret is in it", async () => {
    const body = JSON.stringify(bodyOf(format, say("déjà vu 😀 \u2028"), { metadata: { user_id: "u1" } }));
    await post(format, body);
    expect(emulator.requests()[0]?.body).toBe(body);
  });

  it("carries no secret: prompt, message, tool result, nested JSON, key, header, URL; plain and base64", async () => {
    const call =
      format === "anthropic"
        ? { role: "assistant", content: [{ type: "tool_use", id: "call1", name: "file", input: { note: secret } }] }
        : {
            role: "assistant",
            content: null,
            tool_calls: [
              {
                id: "call1",
                type: "function",
                function: { name: "file", arguments: JSON.stringify({ note: secret }) },
              },
            ],
          };
    const result =
      format === "anthropic"
        ? { role: "user", content: [{ type: "tool_result", tool_use_id: "call1", content: `out: ${secret}` }] }
        : { role: "tool", tool_call_id: "call1", content: `out: ${secret}` };
    const system = format === "anthropic" ? [] : [{ role: "system", content: `system ${secret}` }];
    const messages = [...system, ...say(`plain ${secret} and ${base64}`), call, result];
    const more = {
      ...(format === "anthropic" ? { system: [{ type: "text", text: `system ${secret}` }] } : {}),
      metadata: { deep: [{ [secret]: { deeper: Buffer.from(`x:${secret}`).toString("base64url") } }] },
    };
    const answer = await post(format, bodyOf(format, messages, more), {
      headers: { "user-agent": `tool/${base64}`, traceparent: secret },
      query: `?beta=true&note=${encodeURIComponent(secret)}&spelt=${[...secret].map((char) => `%${char.charCodeAt(0).toString(16)}`).join("")}`,
    });
    expect(answer.status).toBe(200);
    const seen = JSON.stringify(emulator.requests());
    expect(seen).not.toContain(secret);
    expect(seen).not.toContain(base64);
    expect(decodeURIComponent(emulator.requests()[0]?.path ?? "").replaceAll("+", " ")).not.toContain(secret);
    expect(seen.split(reference).length - 1).toBeGreaterThanOrEqual(8);
    expect(JSON.parse(emulator.requests()[0]?.body ?? "").messages.at(-1)).toEqual(
      JSON.parse(JSON.stringify(result).replace(secret, reference)),
    );
  });

  it.each([true, false])("is counted in four kinds from the provider's numbers (stream: %s)", async (stream) => {
    const answer = await post(format, bodyOf(format, say("list my files"), { stream }));
    const text = await answer.text();
    const usage = {};
    for (const line of stream ? text.split("\n").filter((each) => each.startsWith("data: {")) : [`data: ${text}`]) {
      const event = JSON.parse(line.slice(6));
      Object.assign(usage, event.message?.usage, event.usage);
    }
    if (format === "openai" && stream) {
      // The gateway did not ask for the usage chunk, so it gets none; the count is there all the same.
      expect(usage).toEqual({});
      expect(JSON.parse(emulator.requests()[0]?.body ?? "").stream_options).toEqual({ include_usage: true });
      const again = await post(
        format,
        bodyOf(format, say("list my files"), { stream, stream_options: { include_usage: true } }),
      );
      expect(await again.text()).toContain('"choices":[],"usage":{');
      expect(Object.keys(await booked())).toHaveLength(4);
      return;
    }
    expect(await booked()).toEqual(kindsOf[format](JSON.parse(JSON.stringify(usage))));
    const { json } = await agent.control("GET", "/v1/usage");
    const { buckets, tokensThisMonth } = ProxyUsage.parse(json);
    expect(buckets[0]).toMatchObject({ agent: "main", provider: format, hour: "2026-11-21T07:00:00.000Z" });
    expect(tokensThisMonth).toBe(buckets.reduce((sum, { tokens }) => sum + tokens, 0));
  });

  it("passes the stream on byte for byte", async () => {
    const body = bodyOf(format, say('[[tool run_command {"command":"ls"}]]'), {
      stream: true,
      ...(format === "openai" ? { stream_options: { include_usage: true } } : {}),
    });
    const through = await (await post(format, body)).text();
    const ids = /(?:msg_|toolu_|chatcmpl-|call_)\w+|"created":\d+/g;
    const direct = await fetch(
      format === "anthropic" ? `${emulator.url}/v1/messages` : `${emulator.openaiUrl}/chat/completions`,
      {
        method: "POST",
        headers: {
          ...dummyHeaders.anthropic,
          "x-api-key": keys.anthropicKey,
          authorization: `Bearer ${keys.openaiKey}`,
        },
        body: JSON.stringify(body),
      },
    );
    expect(through.replace(ids, "")).toBe((await direct.text()).replace(ids, ""));
  });

  it.each([
    ["{", 400],
    ["[]", 400],
    ['{"model":"m"}', 400],
    ['{"model":"m","messages":[],"stream":"yes"}', 400],
    [`{"model":"m","messages":[${"[".repeat(3000)}${"]".repeat(3000)}]}`, 400],
    [`{"model":"m","messages":["${"x".repeat(100_001)}"]}`, 413],
  ])("is refused in the provider's shape, without a word to the provider: %.40s", async (body, status) => {
    const answer = await post(format, body);
    expect(answer.status).toBe(status);
    const json = await errorOf(answer);
    expect(json.type).toBe(format === "anthropic" ? "error" : undefined);
    expect(emulator.requests()).toEqual([]);
  });

  it("is refused with 413 when it is too large without saying so beforehand", async () => {
    const call = httpRequest(`${proxy.llmUrl}${pathOf[format]}`, { method: "POST" });
    call.on("error", () => {});
    call.write("x".repeat(60_000));
    call.end("x".repeat(60_000));
    const [response] = await once(call, "response");
    expect(response.statusCode).toBe(413);
    expect(emulator.requests()).toEqual([]);
  });

  it("passes the provider's own refusal on and books nothing for it", async () => {
    agent.configure({ upstreams: { [format]: { baseUrl: emulator.url, apiKey: "a-wrong-provider-key" } } });
    const answer = await untilTrue(
      async () => {
        const each = await post(format, bodyOf(format, say("hi")));
        return each.status === 401 ? each : null;
      },
      { timeoutMs: 5000 },
    );
    expect((await errorOf(answer)).error.message).toMatch(/key/i);
    const before = await booked();
    await post(format, bodyOf(format, say("hi")));
    expect(await booked()).toEqual(before);
  });

  it("meets a 503 and no provider while the wrapper is gone, before and after it was there", async () => {
    wrapper.leave();
    await stateBecomes(agent, { wrapperPresent: false });
    const answer = await post(format, bodyOf(format, say("hi")));
    expect(answer.status).toBe(503);
    expect((await errorOf(answer)).error.message).toContain("safety wrapper");
    expect(emulator.requests()).toEqual([]);
    wrapper = await checkIn(proxy.llmUrl);
    expect((await post(format, bodyOf(format, say("hi")))).status).toBe(200);
  });

  it("meets a 503 while the agent's stream is down or unreadable, and passes when it is back", async () => {
    agent.goAway();
    await stateBecomes(agent, { configured: false });
    expect((await post(format, bodyOf(format, say("hi")))).status).toBe(503);
    agent.comeBack();
    await stateBecomes(agent, { configured: true });
    expect((await post(format, bodyOf(format, say("hi")))).status).toBe(200);
    agent.sendLine(`{"secrets":"${secret}"}`);
    await untilTrue(() => logged.includes("could not be read") || logged.includes("ended"), { timeoutMs: 5000 });
    expect(emulator.requests()).toHaveLength(1);
  });

  it.each([true, false])(
    "is answered here when it carries a probe's nonce: the call, then the end (stream: %s)",
    async (stream) => {
      const nonce = "nonce-0123456789abcdef";
      const probe = { nonce, tool: "run_command", args: { command: `berth-gate-probe ${nonce}` } };
      expect((await agent.control("POST", "/v1/probes", probe)).status).toBe(204);
      const body = bodyOf(format, say(`self-test ${nonce}`), { stream });
      const first = await (await post(format, body)).text();
      expect(first).toContain("run_command");
      expect(first).toContain(`berth-gate-probe ${nonce}`);
      for (let turn = 0; turn < 2; turn += 1) {
        expect(await (await post(format, body)).text()).toContain(`gate-probe-done ${nonce}`);
      }
      expect(emulator.requests()).toEqual([]);
      expect(await booked()).toEqual({});
      wrapper.leave();
      await stateBecomes(agent, { wrapperPresent: false });
      expect((await post(format, body)).status).toBe(503);
    },
  );

  it("never goes past the month's budget, with fifty calls at once", async () => {
    const tokensPerMonth = 3000;
    agent.configure({ tokensPerMonth });
    const small = bodyOf(format, say("hello"));
    const one = await untilTrue(
      async () => {
        const each = await post(format, { ...small, max_tokens: 9999, max_completion_tokens: 9999 });
        return each.status === 429 ? each : null;
      },
      { timeoutMs: 5000 },
    );
    expect(one.headers.get("x-should-retry")).toBe("false");
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(format, small)));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    const { json } = await agent.control("GET", "/v1/usage");
    expect(ProxyUsage.parse(json).tokensThisMonth).toBeLessThanOrEqual(tokensPerMonth);
    // The month turns, and there is a budget again.
    clock.advance(15 * 24 * 3_600_000);
    expect((await post(format, small)).status).toBe(200);
  });
});

describe("what is not there", () => {
  it.each([
    ["POST", "/llm/main/anthropic/v1/complete"],
    ["POST", "/llm/main/openai/v1/embeddings"],
    ["POST", "/llm/main/openai/v1/chat/completions/"],
    ["POST", "/llm/MAIN!/openai/v1/chat/completions"],
    ["POST", "/llm/main/__proto__"],
    ["POST", "/v1/messages"],
    ["GET", "/llm/main/anthropic/v1/messages"],
    ["POST", "/berth/presence"],
  ])("answers %s %s with 404", async (method, path) => {
    const answer = await fetch(`${proxy.llmUrl}${path}`, { method });
    expect(answer.status).toBe(404);
    expect(emulator.requests()).toEqual([]);
  });
});

describe("a signed thinking block that holds a secret", () => {
  it.each([
    { type: "thinking", thinking: `hm ${secret}`, signature: "sig" },
    { type: "redacted_thinking", data: base64 },
  ])("is refused, not edited: $type", async (block) => {
    const messages = [...say("hi"), { role: "assistant", content: [block] }, ...say("go on")];
    const answer = await post("anthropic", bodyOf("anthropic", messages));
    expect(answer.status).toBe(400);
    expect((await errorOf(answer)).error.message).toContain("signed");
    expect(emulator.requests()).toEqual([]);
  });

  it("passes unchanged when it holds none", async () => {
    const block = { type: "thinking", thinking: "hm", signature: "sig" };
    const messages = [...say("hi"), { role: "assistant", content: [block] }, ...say("go on")];
    expect((await post("anthropic", bodyOf("anthropic", messages))).status).toBe(200);
    expect(emulator.requests()[0]?.body).toContain(JSON.stringify(block));
  });
});

/** A provider that does what a test says, for what the emulator never does. */
async function oddProvider(
  answer: (response: ServerResponse) => void,
): Promise<{ server: Server; hits: () => number }> {
  let hits = 0;
  const server = createServer((request, response) => {
    hits += 1;
    request.resume().on("end", () => answer(response));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const seen = logged.split("configuration from the agent").length;
  agent.configure({
    upstreams: { anthropic: { baseUrl, apiKey: "key-of-odd-one" }, openai: { baseUrl, apiKey: "key-of-odd-one" } },
  });
  await untilTrue(() => logged.split("configuration from the agent").length > seen, { timeoutMs: 5000, intervalMs: 5 });
  return { server, hits: () => hits };
}
const openaiEvent = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: "c1", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const anthropicEvent = (type: string, fields: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

describe("an answer that holds a secret", () => {
  it("is redacted when it comes in one piece", async () => {
    const { server } = await oddProvider((response) => {
      response.writeHead(200, { "content-type": "application/json", "x-request-id": `r ${secret}` });
      response.end(JSON.stringify({ choices: [{ message: { content: `it is ${secret}` } }] }));
    });
    const answer = await post("openai", bodyOf("openai", say("hi")));
    expect(answer.headers.get("x-request-id")).toBe(`r ${reference}`);
    expect(await answer.json()).toEqual({ choices: [{ message: { content: `it is ${reference}` } }] });
    server.close();
  });

  it("is redacted when split across OpenAI's chunks, also between interleaved tool calls", async () => {
    const letters = [...JSON.stringify({ password: secret })];
    const { server } = await oddProvider((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const letter of letters) {
        response.write(openaiEvent({ content: letter }));
        response.write(openaiEvent({ tool_calls: [{ index: 1, function: { arguments: letter } }] }));
      }
      response.end(`${openaiEvent({}, "stop")}data: [DONE]\n\n`);
    });
    const text = await (await post("openai", bodyOf("openai", say("hi"), { stream: true }))).text();
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
    const { server } = await oddProvider((response) => {
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
    const text = await (await post("anthropic", bodyOf("anthropic", say("hi"), { stream: true }))).text();
    const events = text
      .split("\n\n")
      .filter((each) => each !== "")
      .map((each) => JSON.parse(each.slice(each.indexOf("data: ") + 6)));
    const ofBlock = (index: number) =>
      events.flatMap((event) => (event.index === index ? [event.delta?.text ?? ""] : [])).join("");
    // What only begins like a secret comes through once the block ends.
    expect([ofBlock(0), ofBlock(1)]).toEqual(Array(2).fill(`<${reference}> ${secret.slice(0, 9)}`));
    expect(await booked()).toEqual({ input: 5, output: 77 });
    server.close();
  });
});

describe("when the provider or the gateway breaks off", () => {
  it("answers 502 for a dead provider and books nothing", async () => {
    agent.configure({ upstreams: { openai: { baseUrl: "http://127.0.0.1:1", apiKey: "some-dead-key" } } });
    const answer = await untilTrue(
      async () => {
        const each = await post("openai", bodyOf("openai", say("hi")));
        return each.status === 502 ? each : null;
      },
      { timeoutMs: 5000 },
    );
    expect((await errorOf(answer)).error.type).toBe("server_error");
  });

  it("does not follow a redirect", async () => {
    const { server } = await oddProvider((response) => {
      response.writeHead(307, { location: `${emulator.url}/v1/messages` }).end();
    });
    expect((await post("anthropic", bodyOf("anthropic", say("hi")))).status).toBe(502);
    expect(emulator.requests()).toEqual([]);
    server.close();
  });

  it("stops the provider's stream when the gateway leaves, and books what came until then", async () => {
    let providerSide: ServerResponse | undefined;
    const { server } = await oddProvider((response) => {
      providerSide = response;
      response.writeHead(200, { "content-type": "text/event-stream" });
      const usage = { input_tokens: 123, output_tokens: 1, cache_read_input_tokens: 45 };
      response.write(anthropicEvent("message_start", { message: { id: "m", content: [], usage } }));
      const delta = { type: "text_delta", text: "forty characters of an answer, more or less. " };
      response.write(anthropicEvent("content_block_delta", { index: 0, delta }));
    });
    const stop = new AbortController();
    const answer = await fetch(`${proxy.llmUrl}${pathOf.anthropic}`, {
      method: "POST",
      headers: dummyHeaders.anthropic,
      body: JSON.stringify(bodyOf("anthropic", say("hi"), { stream: true })),
      signal: stop.signal,
    });
    await answer.body?.getReader().read();
    stop.abort();
    await untilTrue(() => providerSide?.destroyed, { timeoutMs: 5000, intervalMs: 5 });
    await untilTrue(async () => (await booked()).input === 123, { timeoutMs: 5000, intervalMs: 10 });
    expect(await booked()).toMatchObject({ input: 123, cache_read: 45, output: expect.any(Number) });
    server.close();
  });

  it("cuts an answer off when the wrapper dies in the middle of it", async () => {
    const { server } = await oddProvider((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(openaiEvent({ content: "beginning " }));
    });
    const answer = await post("openai", bodyOf("openai", say("hi"), { stream: true }));
    wrapper.leave();
    await expect(answer.text()).rejects.toThrow();
    server.closeAllConnections();
    server.close();
  });

  it("answers 504 when the provider does not answer in time", async () => {
    const slow = await startAgentStandIn({ upstreams: {} });
    const impatient = await startEgressProxy(slow.egressConfig, {
      log,
      clock,
      timeouts: { headersMs: 50, bodyMs: 50 },
    });
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const baseUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    slow.configure({ upstreams: { openai: { baseUrl, apiKey: "some-slow-key" } } });
    await checkIn(impatient.llmUrl);
    const answer = await untilTrue(
      async () => {
        const each = await fetch(`${impatient.llmUrl}${pathOf.openai}`, {
          method: "POST",
          body: JSON.stringify(bodyOf("openai", say("hi"))),
        });
        return each.status === 503 ? null : each;
      },
      { timeoutMs: 10_000 },
    );
    expect(answer.status).toBe(504);
    silent.closeAllConnections();
    silent.close();
    await impatient.close();
    await slow.close();
  });
});

describe("the control socket", () => {
  it("says what the proxy is and has done", async () => {
    await post("openai", bodyOf("openai", say("hi")));
    await post("openai", "{");
    expect((await agent.control("GET", "/v1/state")).json).toEqual({
      version: "0.1.0",
      configured: true,
      wrapperPresent: true,
      requestsServed: 1,
      requestsRefused: 1,
    });
  });

  it("gives the buckets from an hour on, by the UTC clock", async () => {
    await post("openai", bodyOf("openai", say("hi")));
    const first = ProxyUsage.parse((await agent.control("GET", "/v1/usage")).json);
    clock.advance(3_600_000);
    await post("openai", bodyOf("openai", say("hi")));
    const hour = new Date(Math.floor(clock.now() / 3_600_000) * 3_600_000).toISOString();
    const later = ProxyUsage.parse((await agent.control("GET", `/v1/usage?fromHour=${hour}`)).json);
    expect(later.buckets.map((bucket) => bucket.hour)).toEqual(Array(4).fill(hour));
    expect(later.tokensThisMonth).toBe(first.tokensThisMonth * 2);
  });

  it.each([
    ["GET", "/v1/usage?fromHour=yesterday", undefined, 422],
    ["POST", "/v1/probes", { nonce: "short", tool: "x", args: {} }, 422],
    ["GET", "/v1/secrets", undefined, 404],
  ])("refuses %s %s", async (method, path, body, status) => {
    expect((await agent.control(method, path, body)).status).toBe(status);
  });
});
