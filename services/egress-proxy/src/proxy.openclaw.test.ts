import { startLlmEmulator } from "@berth/emulators";
import { untilTrue } from "@berth/platform";
import { connectGateway, startGateway } from "@berth/testkit/openclaw";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { realKeys, upstreamsOf } from "./testing/emulated-proxy.ts";
import { apiOf, formats, startProxyUnderTest } from "./testing/proxy-under-test.ts";

const secret = "t0p-secret-of-the-vault-99";
const model = { id: "some-model", name: "Some", contextWindow: 200_000, maxTokens: 8192 };
const portOf = (url: string) => Number(new URL(url).port);
/** The wrapper is not what is tested here; the test itself holds its presence. */
const withoutWrapper = (config: Record<string, unknown>) => ({ ...config, plugins: { enabled: false } });
/** The conversation of a request, in any of the formats. */
const SentBody = z
  .looseObject({ messages: z.array(z.unknown()), input: z.array(z.unknown()), contents: z.array(z.unknown()) })
  .partial()
  .transform(({ messages, input, contents }) => messages ?? input ?? contents ?? []);

describe.each(formats)("the pinned OpenClaw over the %s wire", (format) => {
  it("works a turn with a tool through the proxy: real key, no secret, all of it counted", async () => {
    const emulator = await startLlmEmulator({ port: 0, ...realKeys });
    onTestFinished(() => emulator.close());
    const tested = await startProxyUnderTest({
      upstreams: upstreamsOf(emulator),
      secrets: [{ name: "door-code", value: secret }],
    });
    onTestFinished(() => tested.close());
    const gateway = await startGateway({
      llmPort: portOf(tested.proxy.llmUrl),
      channelPort: portOf(tested.proxy.channelUrl),
      agentSocket: tested.agent.egressConfig.agentSocket,
      pluginDir: tested.agent.egressConfig.stateDir,
      providers: { [apiOf[format]]: [model] },
      openaiApi: format === "openai-responses" ? "openai-responses" : "openai-completions",
      configure: withoutWrapper,
    });
    onTestFinished(() => gateway.stop());
    const rpc = await connectGateway(gateway);
    onTestFinished(() => rpc.close());
    const message = `The code is ${secret}. [[tool sessions_list {}]]`;
    await rpc.call("chat.send", { sessionKey: "agent:main:main", message, idempotencyKey: "turn-1" });
    await untilTrue(() => JSON.stringify(rpc.events).includes("Done. "), { timeoutMs: 60_000, what: "The answer" });

    const sent = emulator.requests();
    expect(sent).toHaveLength(2);
    expect(JSON.stringify(sent)).not.toContain(secret);
    expect(sent[0]?.body).toContain("SECRET_REF(door-code)");
    // The second request repeats the first's conversation letter for letter: the provider's cache stays warm.
    const [first, second] = sent.map(({ body }) => SentBody.parse(JSON.parse(body)));
    expect(second?.[0]).toEqual(first?.[0]);
    // Google does not tell apart what was written to its cache.
    const written = format === "google-generate" ? [] : ["cache_write"];
    expect(Object.keys(await tested.booked()).sort()).toEqual(["cache_read", ...written, "input", "output"]);

    tested.wrapper.leave();
    await untilTrue(() => tested.logged().includes("the wrapper is gone"), { timeoutMs: 5000 });
    await rpc.call("chat.send", { sessionKey: "agent:main:main", message: "again", idempotencyKey: "turn-2" });
    await untilTrue(() => tested.logged().includes("llm call refused"), { timeoutMs: 60_000, what: "The refusal" });
    expect(emulator.requests()).toHaveLength(2);
  });
});
