import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkIn, stateBecomes } from "../testing/agent-stand-in.ts";
import { secret, secretBase64 } from "../testing/emulated-proxy.ts";
import { type OddProvider, startOddProvider } from "../testing/odd-provider.ts";
import { type Format, formats, type ProxyUnderTest, startProxyUnderTest } from "../testing/proxy-under-test.ts";

const secrets = [
  { name: "db-password", value: secret },
  { name: "other-one", value: "another-secret-value-0815" },
];
/** What comes into a vault on an ordinary day; some names sort before, some values share letters with those above. */
const added = Array.from({ length: 200 }, (_, index) => ({
  name: `${index % 2 === 0 ? "aaa" : "zzz"}-${index}`,
  value: `s3cr3t/${index}-unrelated-${index * 7919}`,
}));

/** Turns of a conversation in which secrets come up whole, encoded, twice in one text and split over two messages. */
const turns = [
  "hello there",
  `the password is ${secret}, and again: ${secret}`,
  "understood, I wrote it down",
  `{"out":"${secretBase64}"} another-secret-value-0815`,
  `half of it: ${secret.slice(0, 12)}`,
  `${secret.slice(12)} was the other half`,
  "thanks",
];
/** A request with the first `count` turns; the conversation stands last in it. */
const bodies: Record<Format, (count: number) => object> = {
  "anthropic-messages": (count) => ({
    model: "claude-x",
    max_tokens: 10,
    system: `You know ${secret}.`,
    messages: turns.slice(0, count).map((text, at) => ({
      role: at % 2 === 0 ? "user" : "assistant",
      content: at === 3 ? [{ type: "tool_result", tool_use_id: "toolu_1", content: text }] : text,
    })),
  }),
  "openai-chat": (count) => ({
    model: "gpt-x",
    messages: [
      { role: "system", content: `You know ${secret}.` },
      ...turns.slice(0, count).map((content, at) => ({ role: at % 2 === 0 ? "user" : "assistant", content })),
    ],
  }),
  "openai-responses": (count) => ({
    model: "gpt-x",
    instructions: `You know ${secret}.`,
    input: turns
      .slice(0, count)
      .map((text, at) =>
        at === 3
          ? { type: "function_call_output", call_id: "call_1", output: text }
          : { role: at % 2 === 0 ? "user" : "assistant", content: text },
      ),
  }),
  "google-generate": (count) => ({
    systemInstruction: { parts: [{ text: `You know ${secret}.` }] },
    contents: turns.slice(0, count).map((text, at) => ({
      role: at % 2 === 0 ? "user" : "model",
      parts: [at === 3 ? { functionResponse: { name: "file", response: { output: text } } } : { text }],
    })),
  }),
};

let provider: OddProvider;
let tested: ProxyUnderTest;
beforeEach(async () => {
  provider = await startOddProvider();
  tested = await startProxyUnderTest({ upstreams: provider.upstreams, secrets });
});
afterEach(async () => {
  await tested.close();
  await provider.close();
});

describe.each(formats)("a conversation in the %s format, as the provider's cache sees it", (format) => {
  async function sent(count: number): Promise<string> {
    const answer = await tested.post(format, bodies[format](count));
    expect(answer.status).toBe(200);
    return provider.bodies().at(-1) ?? "";
  }
  async function allTurns(): Promise<string[]> {
    const texts: string[] = [];
    for (let count = 1; count <= turns.length; count += 1) texts.push(await sent(count));
    return texts;
  }

  it("only ever grows: each request begins with the bytes of the one before", async () => {
    const texts = await allTurns();
    texts.slice(1).forEach((text, at) => {
      // All but the brackets that close the list and the body.
      expect(text.startsWith(texts[at]!.slice(0, -2))).toBe(true);
    });
    expect(texts.at(-1)).not.toContain(secret);
    expect(texts.at(-1)).not.toContain(secretBase64);
    expect(texts.at(-1)!.split("SECRET_REF(db-password)")).toHaveLength(6);
  });

  it("is the same, byte for byte, when it is sent again: later, after a restart, with more secrets in the vault", async () => {
    const first = await allTurns();
    expect(await allTurns()).toEqual(first);
    await tested.configure({ secrets: [...added, ...secrets].reverse() });
    expect(await allTurns()).toEqual(first);
    await tested.close();
    tested = await startProxyUnderTest({ upstreams: provider.upstreams, secrets: [...secrets, ...added] });
    expect(await allTurns()).toEqual(first);
    tested.wrapper.leave();
    await stateBecomes(tested.agent, { wrapperPresent: false });
    tested.wrapper = await checkIn(tested.proxy.llmUrl);
    expect(await allTurns()).toEqual(first);
  });
});
