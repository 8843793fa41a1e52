import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { ProxyUsage } from "@berth/contracts";
import { type LlmEmulator, startLlmEmulator } from "@berth/emulators";
import { untilTrue } from "@berth/platform";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkIn, stateBecomes } from "../testing/agent-stand-in.ts";
import {
  bodyOf,
  dummyHeaders,
  errorOf,
  formats,
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
    expect((await tested.post(format, bodyOf(format, say("hello")), { headers })).status).toBe(200);
    const [seen] = emulator.requests();
    expect(JSON.stringify(seen)).not.toContain("dummy-of-the-gateway");
    expect(Object.keys(seen?.headers ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:proxy-authorization|cookie|x-unknown)$/)]),
    );
    expect(seen?.headers["user-agent"]).toBe("gateway/1");
  });

  it("arrives byte for byte when no secret is in it", async () => {
    const body = JSON.stringify(bodyOf(format, say("déjà vu 😀 \u2028"), { metadata: { user_id: "u1" } }));
    await tested.post(format, body);
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
    const answer = await tested.post(format, bodyOf(format, messages, more), {
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
    const answer = await tested.post(format, bodyOf(format, say("list my files"), { stream }));
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
      const again = await tested.post(
        format,
        bodyOf(format, say("list my files"), { stream, stream_options: { include_usage: true } }),
      );
      expect(await again.text()).toContain('"choices":[],"usage":{');
      expect(Object.keys(await tested.booked())).toHaveLength(4);
      return;
    }
    expect(await tested.booked()).toEqual(kindsOf[format](JSON.parse(JSON.stringify(usage))));
    const { json } = await tested.agent.control("GET", "/v1/usage");
    const { buckets, tokensThisMonth } = ProxyUsage.parse(json);
    expect(buckets[0]).toMatchObject({ agent: "main", provider: format, hour: "2026-11-21T07:00:00.000Z" });
    expect(tokensThisMonth).toBe(buckets.reduce((sum, { tokens }) => sum + tokens, 0));
  });

  it("passes the stream on byte for byte", async () => {
    const body = bodyOf(format, say('[[tool run_command {"command":"ls"}]]'), {
      stream: true,
      ...(format === "openai" ? { stream_options: { include_usage: true } } : {}),
    });
    const through = await (await tested.post(format, body)).text();
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
    const answer = await tested.post(format, body);
    expect(answer.status).toBe(status);
    const json = await errorOf(answer);
    expect(json.type).toBe(format === "anthropic" ? "error" : undefined);
    expect(emulator.requests()).toEqual([]);
  });

  it("is refused with 413 when it is too large without saying so beforehand", async () => {
    const call = httpRequest(`${tested.proxy.llmUrl}${pathOf[format]}`, { method: "POST" });
    call.on("error", () => {});
    call.write("x".repeat(60_000));
    call.end("x".repeat(60_000));
    const [response] = await once(call, "response");
    expect(response.statusCode).toBe(413);
    expect(emulator.requests()).toEqual([]);
  });

  it("passes the provider's own refusal on and books nothing for it", async () => {
    await tested.configure({ upstreams: { [format]: { baseUrl: emulator.url, apiKey: "a-wrong-provider-key" } } });
    const answer = await tested.post(format, bodyOf(format, say("hi")));
    expect(answer.status).toBe(401);
    expect((await errorOf(answer)).error.message).toMatch(/key/i);
    expect(await tested.booked()).toEqual({});
  });

  it("meets a 503 and no provider while the wrapper is gone, before and after it was there", async () => {
    tested.wrapper.leave();
    await stateBecomes(tested.agent, { wrapperPresent: false });
    const answer = await tested.post(format, bodyOf(format, say("hi")));
    expect(answer.status).toBe(503);
    expect((await errorOf(answer)).error.message).toContain("safety wrapper");
    expect(emulator.requests()).toEqual([]);
    tested.wrapper = await checkIn(tested.proxy.llmUrl);
    expect((await tested.post(format, bodyOf(format, say("hi")))).status).toBe(200);
  });

  it("meets a 503 while the agent's stream is down or unreadable, and passes when it is back", async () => {
    tested.agent.goAway();
    await stateBecomes(tested.agent, { configured: false });
    expect((await tested.post(format, bodyOf(format, say("hi")))).status).toBe(503);
    tested.agent.comeBack();
    await stateBecomes(tested.agent, { configured: true });
    expect((await tested.post(format, bodyOf(format, say("hi")))).status).toBe(200);
    tested.agent.sendLine(`{"secrets":"${secret}"}`);
    await untilTrue(() => tested.logged().includes("a line could not be read"), { timeoutMs: 5000, intervalMs: 5 });
    expect(emulator.requests()).toHaveLength(1);
  });

  it.each([true, false])(
    "is answered here when it carries a probe's nonce: the call, then the end (stream: %s)",
    async (stream) => {
      const nonce = "nonce-0123456789abcdef";
      const probe = { nonce, tool: "run_command", args: { command: `berth-gate-probe ${nonce}` } };
      expect((await tested.agent.control("POST", "/v1/probes", probe)).status).toBe(204);
      const body = bodyOf(format, say(`self-test ${nonce}`), { stream });
      const first = await (await tested.post(format, body)).text();
      expect(first).toContain("run_command");
      expect(first).toContain(`berth-gate-probe ${nonce}`);
      for (let turn = 0; turn < 2; turn += 1) {
        expect(await (await tested.post(format, body)).text()).toContain(`gate-probe-done ${nonce}`);
      }
      expect(emulator.requests()).toEqual([]);
      expect(await tested.booked()).toEqual({});
      tested.wrapper.leave();
      await stateBecomes(tested.agent, { wrapperPresent: false });
      expect((await tested.post(format, body)).status).toBe(503);
    },
  );

  it("never goes past the month's budget, with fifty calls at once", async () => {
    const tokensPerMonth = 3000;
    await tested.configure({ tokensPerMonth });
    const small = bodyOf(format, say("hello"));
    const one = await tested.post(format, { ...small, max_tokens: 9999, max_completion_tokens: 9999 });
    expect(one.status).toBe(429);
    expect(one.headers.get("x-should-retry")).toBe("false");
    const answers = await Promise.all(Array.from({ length: 50 }, () => tested.post(format, small)));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    const { json } = await tested.agent.control("GET", "/v1/usage");
    expect(ProxyUsage.parse(json).tokensThisMonth).toBeLessThanOrEqual(tokensPerMonth);
    // The month turns, and there is a budget again.
    tested.clock.advance(15 * 24 * 3_600_000);
    expect((await tested.post(format, small)).status).toBe(200);
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
    const answer = await fetch(`${tested.proxy.llmUrl}${path}`, { method });
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
    const answer = await tested.post("anthropic", bodyOf("anthropic", messages));
    expect(answer.status).toBe(400);
    expect((await errorOf(answer)).error.message).toContain("signed");
    expect(emulator.requests()).toEqual([]);
  });

  it("passes unchanged when it holds none", async () => {
    const block = { type: "thinking", thinking: "hm", signature: "sig" };
    const messages = [...say("hi"), { role: "assistant", content: [block] }, ...say("go on")];
    expect((await tested.post("anthropic", bodyOf("anthropic", messages))).status).toBe(200);
    expect(emulator.requests()[0]?.body).toContain(JSON.stringify(block));
  });
});

describe("the control socket", () => {
  it("says what the proxy is and has done", async () => {
    await tested.post("openai", bodyOf("openai", say("hi")));
    await tested.post("openai", "{");
    expect((await tested.agent.control("GET", "/v1/state")).json).toEqual({
      version: "0.1.0",
      configured: true,
      wrapperPresent: true,
      requestsServed: 1,
      requestsRefused: 1,
    });
  });

  it("gives the buckets from an hour on, by the UTC clock", async () => {
    await tested.post("openai", bodyOf("openai", say("hi")));
    const first = ProxyUsage.parse((await tested.agent.control("GET", "/v1/usage")).json);
    tested.clock.advance(3_600_000);
    await tested.post("openai", bodyOf("openai", say("hi")));
    const hour = new Date(Math.floor(tested.clock.now() / 3_600_000) * 3_600_000).toISOString();
    const later = ProxyUsage.parse((await tested.agent.control("GET", `/v1/usage?fromHour=${hour}`)).json);
    expect(later.buckets.map((bucket) => bucket.hour)).toEqual(Array(4).fill(hour));
    expect(later.tokensThisMonth).toBe(first.tokensThisMonth * 2);
  });

  it.each([
    ["GET", "/v1/usage?fromHour=yesterday", undefined, 422],
    ["POST", "/v1/probes", { nonce: "short", tool: "x", args: {} }, 422],
    ["GET", "/v1/secrets", undefined, 404],
  ])("refuses %s %s", async (method, path, body, status) => {
    expect((await tested.agent.control(method, path, body)).status).toBe(status);
  });
});
