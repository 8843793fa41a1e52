import { afterEach, beforeEach, expect, it } from "vitest";
import { reference, secret, secretBase64 } from "../testing/emulated-proxy.ts";
import { type OddProvider, startOddProvider } from "../testing/odd-provider.ts";
import { bodyOf, formats, type ProxyUnderTest, say, startProxyUnderTest } from "../testing/proxy-under-test.ts";

/** Each stands in one place only, so that a log that quotes any place gives itself away. */
const marks = {
  prompt: "MARK-prompt-of-a-person",
  answer: "MARK-answer-of-the-model",
  header: "MARK-in-a-header",
  query: "MARK-in-the-address",
  field: "MARK-name-of-a-field",
  error: "MARK-error-of-the-provider",
  model: "MARK-name-of-a-model",
};

let provider: OddProvider;
let tested: ProxyUnderTest;
beforeEach(async () => {
  provider = await startOddProvider();
  const secrets = [{ name: "db-password", value: secret }];
  tested = await startProxyUnderTest({ upstreams: provider.upstreams, secrets }, { requestBytesMax: 10_000 });
});
afterEach(async () => {
  await tested.close();
  await provider.close();
});

it("logs ids, counts and digests of calls that went well, that were refused and that broke off, and nothing that was said", async () => {
  const answers: ((response: import("node:http").ServerResponse) => unknown)[] = [
    (response) =>
      response.writeHead(200, { "content-type": "application/json" }).end(`{"a":"${marks.answer} ${secret}"}`),
    (response) => response.writeHead(400).end(`{"error":"${marks.error} ${secret}"}`),
    (response) =>
      response.writeHead(200, { "content-type": "text/event-stream" }).end(`data: ${marks.answer} ${secret}\n\n`),
    (response) => response.writeHead(302, { location: `http://${marks.error}` }).end(),
    (response) => response.destroy(new Error(marks.error)),
  ];
  for (const format of formats) {
    const body = bodyOf(format, say(format, `${marks.prompt} ${secret} ${secretBase64}`), {
      [marks.field]: marks.prompt,
    });
    for (const answer of answers) {
      provider.answer(answer);
      const query = format === "google-generate" ? "" : `?note=${marks.query}${encodeURIComponent(secret)}`;
      await tested.post(format, body, { query, headers: { "user-agent": `${marks.header} ${secret}` } });
    }
    await tested.post(format, `{"${marks.prompt}": ${secret}`);
    await tested.post(format, { ...body, messages: marks.prompt, input: 7, contents: marks.prompt });
    await tested.post(format, bodyOf(format, say(format, marks.prompt.repeat(1000))));
  }
  await tested.post("google-generate", bodyOf("google-generate", say("google-generate", "x")), {
    query: `?key=${secret}`,
  });
  await fetch(`${tested.proxy.llmUrl}/llm/main/google/v1beta/models/${encodeURIComponent(secret)}:generateContent`, {
    method: "POST",
    body: "{}",
  });
  tested.agent.sendLine(`{"secrets":"${secret}"}`);
  const logged = tested.logged();
  const hidden = [
    ...Object.values(marks),
    "MARK",
    secret,
    secretBase64,
    encodeURIComponent(secret),
    provider.apiKey,
    reference,
  ];
  for (const each of hidden) expect(logged).not.toContain(each);
  expect(logged.match(/"sha256":"[0-9a-f]{64}"/g)?.length).toBeGreaterThan(15);
  expect(logged.match(/"llm call refused"/g)?.length).toBeGreaterThan(10);
  expect(logged.match(/"llm call broke off"/g)?.length).toBeGreaterThan(5);
});
