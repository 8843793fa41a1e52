import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { ProxyUsage } from "@berth/contracts";
import type { LlmEmulator } from "@berth/emulators";
import { untilTrue } from "@berth/platform";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkIn, stateBecomes } from "../testing/agent-stand-in.ts";
import { realKeys, reference, secret, secretBase64, startEmulatedProxy } from "../testing/emulated-proxy.ts";
import {
  apiOf,
  bodyOf,
  dummyHeaders,
  errorOf,
  formats,
  type ProxyUnderTest,
  pathOf,
  providerPath,
  say,
} from "../testing/proxy-under-test.ts";

let emulator: LlmEmulator;
let tested: ProxyUnderTest;
let close: () => Promise<void>;

beforeEach(async () => {
  ({ emulator, tested, close } = await startEmulatedProxy({ requestBytesMax: 100_000 }));
});
afterEach(async () => {
  await close();
  for (const hidden of [secret, ...Object.values(realKeys)]) expect(tested.logged()).not.toContain(hidden);
});

describe.each(formats)("a request in the %s format", (format) => {
  it("gets the provider's key in place of the gateway's dummy, and loses what belongs to the connection", async () => {
    const headers = { "proxy-authorization": "Basic x", cookie: "a=b", "x-unknown": "y", "user-agent": "gateway/1" };
    expect((await tested.post(format, bodyOf(format, say(format, "hello")), { headers })).status).toBe(200);
    const [seen] = emulator.requests();
    expect(JSON.stringify(seen)).not.toContain("dummy-of-the-gateway");
    expect(Object.keys(seen?.headers ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:proxy-authorization|cookie|x-unknown)$/)]),
    );
    expect(seen?.headers["user-agent"]).toBe("gateway/1");
  });

  it("arrives byte for byte when no secret is in it", async () => {
    const body = JSON.stringify(bodyOf(format, say(format, "déjà vu 😀 \u2028"), { metadata: { user_id: "u1" } }));
    await tested.post(format, body);
    expect(emulator.requests()[0]?.body).toBe(body);
  });

  it("carries no secret in a header or the address, however it is spelt there", async () => {
    const spelt = [...secret].map((char) => `%${char.charCodeAt(0).toString(16)}`).join("");
    const query = format === "google-generate" ? "?alt=" : "?beta=true&note=";
    for (const form of [encodeURIComponent(secret), spelt, secretBase64.replaceAll("+", "%2B")]) {
      const answer = await tested.post(format, bodyOf(format, say(format, "hi")), {
        headers: { "user-agent": `tool/${secretBase64}`, traceparent: secret, [`anthropic-${"x".repeat(9)}`]: secret },
        query: `${query}${form}`,
      });
      expect(answer.status).toBe(200);
    }
    for (const { path, headers } of emulator.requests()) {
      expect(JSON.stringify(headers)).not.toContain(secret);
      expect(headers).toMatchObject({ "user-agent": `tool/${reference}`, traceparent: reference });
      expect(decodeURIComponent(path.replaceAll("+", " "))).not.toContain(secret);
      expect(path).toContain(encodeURIComponent(reference).replaceAll("(", "%28").replaceAll(")", "%29"));
    }
  });

  it("passes the stream on byte for byte", async () => {
    const more = format === "openai-chat" ? { stream_options: { include_usage: true } } : {};
    const body = bodyOf(format, say(format, '[[tool run_command {"command":"ls"}]]'), more);
    const through = await (await tested.post(format, body, { stream: true })).text();
    const ids = /(?:msg_|toolu_|chatcmpl-|call_|resp_|fc_)\w+|"created(?:_at)?":\d+|"responseId":"[^"]*"/g;
    const direct = await fetch(`${emulator.url}${providerPath(format, true)}`, {
      method: "POST",
      headers: {
        ...dummyHeaders["anthropic-messages"],
        "x-api-key": realKeys.anthropicKey,
        authorization: `Bearer ${realKeys.openaiKey}`,
        "x-goog-api-key": realKeys.googleKey,
      },
      body: JSON.stringify(format === "google-generate" ? body : { ...body, stream: true }),
    });
    expect(direct.status).toBe(200);
    expect(through.replace(ids, "")).toBe((await direct.text()).replace(ids, ""));
  });

  it.each<[string, unknown, number]>([
    ["no JSON", "{", 400],
    ["no object", "[]", 400],
    ["no messages", { model: "m" }, 400],
    [
      "nested without end",
      JSON.stringify(bodyOf(format, ["deep"])).replace('"deep"', `${"[".repeat(3000)}${"]".repeat(3000)}`),
      400,
    ],
    ["too large", bodyOf(format, say(format, "x".repeat(100_001))), 413],
    ["not UTF-8", new Blob([Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)]), 400],
  ])("is refused in the provider's shape, without a word to the provider: %s", async (_name, body, status) => {
    const answer = await tested.post(format, body);
    expect(answer.status).toBe(status);
    const { type, error } = await errorOf(answer);
    expect(type).toBe(format === "anthropic-messages" ? "error" : undefined);
    expect(error.type ?? error.status).toMatch(/invalid_request_error|request_too_large|INVALID_ARGUMENT/);
    expect(emulator.requests()).toEqual([]);
  });

  it("is refused with 413 when it is too large without saying so beforehand", async () => {
    const call = httpRequest(`${tested.proxy.llmUrl}${pathOf(format)}`, { method: "POST" });
    call.on("error", () => {});
    call.write("x".repeat(60_000));
    call.end("x".repeat(60_000));
    const [response] = await once(call, "response");
    expect(response.statusCode).toBe(413);
    expect(emulator.requests()).toEqual([]);
  });

  it("passes the provider's own refusal on and books nothing for it", async () => {
    await tested.configure({
      upstreams: { [apiOf[format]]: { baseUrl: emulator.url, apiKey: "a-wrong-provider-key" } },
    });
    const answer = await tested.post(format, bodyOf(format, say(format, "hi")));
    expect(answer.status).toBe(format === "google-generate" ? 400 : 401);
    expect((await errorOf(answer)).error.message).toMatch(/key/i);
    expect(await tested.booked()).toEqual({});
  });

  it("meets a 503 and no provider while the wrapper is gone, before and after it was there", async () => {
    tested.wrapper.leave();
    await stateBecomes(tested.agent, { wrapperPresent: false });
    const answer = await tested.post(format, bodyOf(format, say(format, "hi")));
    expect(answer.status).toBe(503);
    expect((await errorOf(answer)).error.message).toContain("safety wrapper");
    expect(emulator.requests()).toEqual([]);
    tested.wrapper = await checkIn(tested.proxy.llmUrl);
    expect((await tested.post(format, bodyOf(format, say(format, "hi")))).status).toBe(200);
  });

  it("meets a 503 while the agent's stream is down or unreadable, and passes when it is back", async () => {
    tested.agent.goAway();
    await stateBecomes(tested.agent, { configured: false });
    expect((await tested.post(format, bodyOf(format, say(format, "hi")))).status).toBe(503);
    tested.agent.comeBack();
    await stateBecomes(tested.agent, { configured: true });
    expect((await tested.post(format, bodyOf(format, say(format, "hi")))).status).toBe(200);
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
      const body = bodyOf(format, say(format, `self-test ${nonce}`));
      const first = await (await tested.post(format, body, { stream })).text();
      expect(first).toContain("run_command");
      expect(first).toContain(`berth-gate-probe ${nonce}`);
      for (let turn = 0; turn < 2; turn += 1) {
        expect(await (await tested.post(format, body, { stream })).text()).toContain(`gate-probe-done ${nonce}`);
      }
      expect(emulator.requests()).toEqual([]);
      expect(await tested.booked()).toEqual({});
      tested.wrapper.leave();
      await stateBecomes(tested.agent, { wrapperPresent: false });
      expect((await tested.post(format, body)).status).toBe(503);
    },
  );
});

describe("an address of Google's", () => {
  const body = bodyOf("google-generate", say("google-generate", "hi"));

  it.each(["key=dummy", "access_token=x", "fields=candidates", "$alt=sse"])(
    "is refused with %s, which would be a credential or hide the numbers",
    async (query) => {
      const answer = await tested.post("google-generate", body, { query: `?${query}` });
      expect(answer.status).toBe(400);
      expect((await errorOf(answer)).error.message).toContain(query.split("=")[0]);
      expect(emulator.requests()).toEqual([]);
    },
  );

  it("is refused when it names a secret as its model", async () => {
    await tested.configure({ secrets: [{ name: "plain", value: "plain-secret-4711" }] });
    const url = `${tested.proxy.llmUrl}/llm/main/google/v1beta/models/plain-secret-4711:generateContent`;
    const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
    expect(answer.status).toBe(400);
    expect(emulator.requests()).toEqual([]);
  });
});

describe("what is not there", () => {
  it.each([
    ["POST", "/llm/main/anthropic/v1/complete"],
    ["POST", "/llm/main/openai/v1/embeddings"],
    ["POST", "/llm/main/openai/v1/chat/completions/"],
    ["POST", "/llm/main/anthropic/v1/responses"],
    ["POST", "/llm/main/google/v1beta/models/gemini-x:countTokens"],
    ["POST", "/llm/main/google/v1beta/models/a%2Fb:generateContent"],
    ["POST", "/llm/main/google/v1beta/tunedModels/x:generateContent"],
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

describe("the control socket", () => {
  it("says what the proxy is and has done", async () => {
    await tested.post("openai-chat", bodyOf("openai-chat", say("openai-chat", "hi")));
    await tested.post("openai-chat", "{");
    expect((await tested.agent.control("GET", "/v1/state")).json).toEqual({
      version: "0.1.0",
      configured: true,
      wrapperPresent: true,
      ledgerWritable: true,
      requestsServed: 1,
      requestsRefused: 1,
      egress: { refusedTotal: 0, recent: [] },
    });
  });

  it("gives the buckets from an hour on, by the UTC clock", async () => {
    await tested.post("openai-chat", bodyOf("openai-chat", say("openai-chat", "hi")));
    const first = ProxyUsage.parse((await tested.agent.control("GET", "/v1/usage")).json);
    tested.clock.advance(3_600_000);
    await tested.post("openai-chat", bodyOf("openai-chat", say("openai-chat", "hi")));
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
