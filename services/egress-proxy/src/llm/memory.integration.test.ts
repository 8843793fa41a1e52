import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { untilTrue } from "@berth/platform";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type AgentStandIn, startAgentStandIn } from "../testing/agent-stand-in.ts";
import { type OddProvider, startOddProvider } from "../testing/odd-provider.ts";
import { bodyOf, pathOf, say, startProxyUnderTest } from "../testing/proxy-under-test.ts";
import { type SpawnedProxy, spawnProxy } from "../testing/spawned-proxy.ts";

let provider: OddProvider;
let agent: AgentStandIn;
let proxy: SpawnedProxy | undefined;
beforeEach(async () => {
  provider = await startOddProvider();
  const secrets = [{ name: "db-password", value: "a-secret-of-the-vault-4711" }];
  agent = await startAgentStandIn({ upstreams: provider.upstreams, secrets });
});
afterEach(async () => {
  proxy?.wrapper.leave();
  await proxy?.end("SIGKILL");
  proxy = undefined;
  await agent.close();
  await provider.close();
});

const body = JSON.stringify(bodyOf("openai-chat", say("openai-chat", "hi"), { stream: true }));
const event = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;
const open = (llmUrl: string, signal?: AbortSignal) =>
  fetch(`${llmUrl}${pathOf("openai-chat")}`, { method: "POST", body, ...(signal ? { signal } : {}) });
/** As on a customer's server. */
const nodeFlags = ["--max-old-space-size=256", "--max-semi-space-size=2"];

it("a thousand open streams, each holding back the beginning of a secret, fit into the memory of the unit", async () => {
  proxy = await spawnProxy(agent, { nodeFlags });
  const { llmUrl, child } = proxy;
  const held: ServerResponse[] = [];
  provider.answer((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(event(`${"x".repeat(500)} a-secret-of-`));
    held.push(response);
  });
  const answers: Response[] = [];
  // By a hundred, so that the test's own machine does not refuse connections.
  for (let round = 0; round < 10; round += 1) {
    answers.push(...(await Promise.all(Array.from({ length: 100 }, () => open(llmUrl)))));
  }
  expect(held).toHaveLength(1000);
  const residentKb = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]);
  expect(residentKb).toBeLessThan(400 * 1024);
  for (const response of held) response.end(`${event("the-vault-4711!")}data: [DONE]\n\n`);
  for (const answer of answers) expect(await answer.text()).toContain("SECRET_REF(db-password)");
});

it("a reader that stops reading stops the provider, whatever it has to say", async () => {
  proxy = await spawnProxy(agent, { nodeFlags });
  let sent = 0;
  let providerSide: ServerResponse | undefined;
  provider.answer((response) => {
    providerSide = response.writeHead(200, { "content-type": "text/event-stream" });
    const piece = event("x".repeat(64 * 1024));
    const pump = () => {
      while (sent < 256 * 1024 * 1024) {
        sent += piece.length;
        if (!response.write(piece)) return;
      }
      response.end();
    };
    response.on("drain", pump);
    pump();
  });
  const stop = new AbortController();
  const answer = await open(proxy.llmUrl, stop.signal);
  expect(answer.status).toBe(200);
  let seen = -1;
  let same = 0;
  await untilTrue(
    () => {
      same = sent === seen && providerSide?.writableNeedDrain ? same + 1 : 0;
      seen = sent;
      return same >= 20;
    },
    { timeoutMs: 60_000, intervalMs: 25, what: "The provider's stop" },
  );
  expect(sent).toBeLessThan(64 * 1024 * 1024);
  stop.abort();
  await untilTrue(() => providerSide?.destroyed, { timeoutMs: 10_000, intervalMs: 10 });
});

it("bodies that together are more than there is room for are turned away, and there is room again afterwards", async () => {
  const held: ServerResponse[] = [];
  provider.answer((response) => held.push(response));
  const tested = await startProxyUnderTest({ upstreams: provider.upstreams }, { bodyRoomBytes: 100_000 });
  const large = bodyOf("openai-chat", say("openai-chat", "x".repeat(60_000)));
  const first = tested.post("openai-chat", large);
  await untilTrue(() => held.length === 1, { timeoutMs: 10_000, intervalMs: 5 });
  const second = await tested.post("openai-chat", large);
  expect(second.status).toBe(503);
  expect(await second.text()).toContain("at once");
  held[0]?.end("{}");
  expect((await first).status).toBe(200);
  const third = tested.post("openai-chat", large);
  await untilTrue(() => held.length === 2, { timeoutMs: 10_000, intervalMs: 5 });
  held[1]?.end("{}");
  expect((await third).status).toBe(200);
  await tested.close();
});
