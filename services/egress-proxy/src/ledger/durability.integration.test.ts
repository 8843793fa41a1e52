import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ProxyUsage } from "@berth/contracts";
import { startLlmEmulator } from "@berth/emulators";
import { afterEach, expect, it } from "vitest";
import { type AgentStandIn, startAgentStandIn } from "../testing/agent-stand-in.ts";
import { spawnProxy } from "../testing/spawned-proxy.ts";

const key = "real-key-of-the-provider";
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function spawned(agent: AgentStandIn) {
  const proxy = await spawnProxy(agent);
  ends.push(() => proxy.child.kill("SIGKILL"), proxy.wrapper.leave);
  return proxy;
}
const usageOf = async (agent: AgentStandIn) => ProxyUsage.parse((await agent.control("GET", "/v1/usage")).json);
const ask = (llmUrl: string, stream: boolean) =>
  fetch(`${llmUrl}/llm/main/openai/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "gpt-x", stream, max_tokens: 100, messages: [{ role: "user", content: "hello" }] }),
  });

it("what a gateway got the end of is still counted after kill -9, once, over several restarts", async () => {
  const emulator = await startLlmEmulator({ port: 0, anthropicKey: key, openaiKey: key });
  ends.push(() => emulator.close());
  const agent = await startAgentStandIn({ upstreams: { openai: { baseUrl: emulator.openaiUrl, apiKey: key } } });
  ends.push(() => agent.close());
  let expected: ProxyUsage | undefined;
  for (let round = 1; round <= 3; round += 1) {
    const { child, llmUrl } = await spawned(agent);
    if (expected) expect(await usageOf(agent)).toEqual(expected);
    const answer = await ask(llmUrl, true);
    await answer.text();
    // Not a moment between the answer's end and the kill.
    child.kill("SIGKILL");
    await once(child, "exit");
    const again = await spawned(agent);
    expected = await usageOf(agent);
    const { output } = Object.fromEntries(expected.buckets.map(({ kind, tokens }) => [kind, tokens]));
    expect(output).toBeGreaterThan(0);
    expect(emulator.requests()).toHaveLength(round);
    again.child.kill("SIGTERM");
    const [code] = await once(again.child, "exit");
    expect(code).toBe(0);
  }
  const perCall = await startLlmEmulator({ port: 0, anthropicKey: key, openaiKey: key });
  ends.push(() => perCall.close());
  const body = emulator.requests()[0]?.body ?? "";
  const headers = { authorization: `Bearer ${key}` };
  const direct = await fetch(`${perCall.openaiUrl}/chat/completions`, { method: "POST", headers, body });
  const usage = JSON.parse(/"usage":(\{.*\})\}/.exec(await direct.text())?.[1] ?? "");
  expect(expected?.tokensThisMonth).toBe(3 * usage.total_tokens);
});

it("a call that was under way when the proxy was killed is booked by a guess, and its reservation is given back", async () => {
  const silent: Server = createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  ends.push(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const baseUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const agent = await startAgentStandIn({ upstreams: { openai: { baseUrl, apiKey: key } }, tokensPerMonth: 1800 });
  ends.push(() => agent.close());
  const { child, llmUrl } = await spawned(agent);
  const lost = expect(ask(llmUrl, false)).rejects.toThrow();
  await once(silent, "request");
  // The first call's reservation leaves no room for a second one.
  expect((await ask(llmUrl, false)).status).toBe(429);
  child.kill("SIGKILL");
  await lost;
  const again = await spawned(agent);
  const { buckets } = await usageOf(agent);
  expect(buckets.map(({ kind }) => kind)).toEqual(["input"]);
  const second = ask(again.llmUrl, false).catch(() => null);
  await once(silent, "request");
  again.child.kill("SIGKILL");
  await second;
});
