import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ProxyState, ProxyUsage } from "@berth/contracts";
import { untilTrue } from "@berth/platform";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AgentStandIn, checkIn, startAgentStandIn, stateBecomes } from "./testing/agent-stand-in.ts";
import { secret, secretBase64 } from "./testing/emulated-proxy.ts";
import { type OddProvider, startOddProvider } from "./testing/odd-provider.ts";
import { bodyOf, type Format, formats, pathOf, say } from "./testing/proxy-under-test.ts";
import { type SpawnedProxy, type SpawnOptions, spawnBareProxy, spawnProxy } from "./testing/spawned-proxy.ts";

let provider: OddProvider;
let agent: AgentStandIn;
let proxy: SpawnedProxy | undefined;
const known = [{ name: "db-password", value: secret }];

beforeEach(async () => {
  provider = await startOddProvider();
  agent = await startAgentStandIn({ upstreams: provider.upstreams, secrets: known });
});
afterEach(async () => {
  proxy?.wrapper.leave();
  await proxy?.end("SIGKILL");
  // Neither what it logged nor what it cried out in its last moment has a secret in it.
  for (const hidden of [secret, secretBase64, provider.apiKey]) expect(proxy?.printed() ?? "").not.toContain(hidden);
  proxy = undefined;
  await agent.close();
  await provider.close();
});

const start = async (options?: SpawnOptions): Promise<SpawnedProxy> => {
  proxy = await spawnProxy(agent, options);
  return proxy;
};
const ask = (format: Format, more: { body?: string; signal?: AbortSignal } = {}) =>
  fetch(`${proxy?.llmUrl}${pathOf(format)}`, {
    method: "POST",
    body: more.body ?? JSON.stringify(bodyOf(format, say(format, `the code is ${secret}`))),
    ...(more.signal ? { signal: more.signal } : {}),
  });
/** Every format is refused, and not a byte comes to the provider, nor a connection. */
async function nothingPasses(sentence: RegExp): Promise<void> {
  const before = provider.bytesReceived();
  const connections = provider.connections();
  for (const format of formats) {
    const answer = await ask(format);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toMatch(sentence);
  }
  expect(provider.bytesReceived()).toBe(before);
  expect(provider.connections()).toBe(connections);
}
/** The counters count: the same calls pass when nothing is wrong. */
async function allPass(): Promise<void> {
  for (const format of formats) {
    const before = provider.bytesReceived();
    expect((await ask(format)).status).toBe(200);
    expect(provider.bytesReceived()).toBeGreaterThan(before);
  }
}

describe("0 bytes leave", () => {
  it("without the wrapper: before it came, after it went", async () => {
    proxy = await spawnBareProxy(agent);
    await stateBecomes(agent, { configured: true });
    await nothingPasses(/safety wrapper has not checked in/);
    expect(provider.bytesReceived()).toBe(0);
    proxy.wrapper = await checkIn(proxy.llmUrl);
    await stateBecomes(agent, { wrapperPresent: true });
    await allPass();
    proxy.wrapper.leave();
    await stateBecomes(agent, { wrapperPresent: false });
    await nothingPasses(/safety wrapper has not checked in/);
  });

  it("while the agent's vault is locked: it gives no configuration, or one without keys", async () => {
    await start();
    await allPass();
    agent.goAway();
    await stateBecomes(agent, { configured: false });
    await nothingPasses(/agent has not configured the proxy/);
    agent.comeBack();
    await stateBecomes(agent, { configured: true });
    await allPass();
    agent.configure({ upstreams: {} });
    await untilTrue(async () => (await ask("openai-chat")).status === 503, { timeoutMs: 10_000 });
    await nothingPasses(/No key for/);
  });

  it.each([
    ["no JSON", `{"upstreams": {}, "secrets": [{"name":"x","value":"${secret}"`],
    ["a field missing", JSON.stringify({ upstreams: {}, secrets: known, allowHosts: [] })],
    [
      "a field of the wrong kind",
      JSON.stringify({ upstreams: { openai: secret }, secrets: known, allowHosts: [], tokensPerMonth: 1 }),
    ],
    ["no object", `"${secret}"`],
  ])("after a configuration that cannot be read: %s", async (_name, line) => {
    await start();
    await allPass();
    // The stream ends with the bad line, and what comes after the next connect is good again: so it must stay away.
    agent.goAwayWith(line);
    await stateBecomes(agent, { configured: false });
    await nothingPasses(/agent has not configured the proxy/);
  });

  it("with a configuration file that cannot be read: the process ends before it opens a port", async () => {
    const file = join(agent.egressConfig.stateDir, "broken.json");
    for (const text of ["{", "{}", JSON.stringify({ ...agent.egressConfig, llmPort: "x" })]) {
      writeFileSync(file, text);
      const main = fileURLToPath(new URL("main.ts", import.meta.url));
      const child = spawn(process.execPath, [main, file], { stdio: ["ignore", "pipe", "ignore"] });
      const [printed, [code]] = await Promise.all([child.stdout.setEncoding("utf8").toArray(), once(child, "exit")]);
      expect(code).not.toBe(0);
      expect(printed.join("")).not.toContain("llmUrl");
    }
    expect(provider.connections()).toBe(0);
  });

  it("when tokens cannot be written down, and again when they can nothing is missing", async () => {
    // The file of the ledger may not grow any more after some calls, as on a full disk.
    await start({ fileSizeKb: 200 });
    provider.answer((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ usage: { prompt_tokens: 3, completion_tokens: 4 } }));
    });
    let served = 0;
    for (let answer = await ask("openai-chat"); answer.status === 200; answer = await ask("openai-chat")) {
      served += 1;
      expect(served).toBeLessThan(500);
    }
    expect(served).toBeGreaterThan(1);
    await nothingPasses(/ledger cannot be written/);
    expect(ProxyState.parse((await agent.control("GET", "/v1/state")).json).ledgerWritable).toBe(false);
    await proxy?.end("SIGKILL");
    const reached = provider.paths().length;
    await start();
    const { tokensThisMonth, buckets } = ProxyUsage.parse((await agent.control("GET", "/v1/usage")).json);
    const guessed = buckets.reduce((sum, { tokens }) => sum + tokens, 0) - served * 7;
    // At most the one call that was let go before the disk was full is booked by a guess.
    expect(reached - served).toBeLessThanOrEqual(1);
    expect(guessed === 0).toBe(reached === served);
    expect(tokensThisMonth).toBe(served * 7 + guessed);
    await allPass();
  });

  it("when a request is more than the memory can hold: it is refused, or the process ends", async () => {
    await start({ nodeFlags: ["--max-old-space-size=40"] });
    await allPass();
    const before = provider.bytesReceived();
    // Small on the wire, large once read: thirty million bytes of short strings and empty lists.
    const bomb = `{"model":"m","messages":[${`["${secret.slice(0, 8)}",[],{}],`.repeat(1_400_000)}[]]}`;
    const outcome = await new Promise<number | string>((resolve) => {
      const call = httpRequest(`${proxy?.llmUrl}${pathOf("openai-chat")}`, { method: "POST" });
      call.on("response", (response) => resolve(response.resume().statusCode ?? 0));
      call.on("error", () => resolve("the process ended"));
      call.end(bomb);
    });
    expect([400, 413, 503, 500, "the process ended"]).toContain(outcome);
    expect(provider.bytesReceived()).toBe(before);
  });
});

describe("when the process is killed in the middle of a call", () => {
  it.each(["before the answer", "in the middle of the answer"])(
    "nothing goes on, and the call is booked: %s",
    async (when) => {
      await start();
      provider.answer((response) => {
        if (when === "before the answer") return;
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "x".repeat(400) } }] })}\n\n`);
      });
      const lost = expect(ask("openai-chat").then((answer) => answer.text())).rejects.toThrow();
      await untilTrue(() => provider.paths().length === 1, { timeoutMs: 20_000, intervalMs: 5 });
      await proxy?.end("SIGKILL");
      await lost;
      const bytes = provider.bytesReceived();
      expect(bytes).toBeGreaterThan(0);
      await start();
      const { buckets } = ProxyUsage.parse((await agent.control("GET", "/v1/usage")).json);
      expect(buckets.map(({ kind }) => kind)).toEqual(["input"]);
      // Neither the dead process nor the new one takes the call up again.
      expect(provider.bytesReceived()).toBe(bytes);
      expect(provider.paths()).toHaveLength(1);
    },
  );
});
