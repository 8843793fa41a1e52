import { startLlmEmulator } from "@berth/emulators";
import { bodyOf, say, startProxyUnderTest } from "../../services/egress-proxy/src/testing/proxy-under-test.ts";
import { pairedRounds, quantile, rounded } from "./measure.ts";

const promptBytes = 64 * 1024;
const rounds = 200;

/** One call with a prompt of 64 KB through the proxy (100 secrets known), against the same call straight to the provider. */
export async function benchEgressProxy(): Promise<Record<string, number>> {
  const key = "sk-ant-bench";
  const provider = await startLlmEmulator({ port: 0, anthropicKey: key, openaiKey: "sk-bench" });
  const secrets = Array.from({ length: 100 }, (_, index) => ({
    name: `s${index}`,
    value: `bench-secret-number-${index}`,
  }));
  const upstreams = { anthropic: { baseUrl: provider.anthropicUrl, apiKey: key } };
  const proxy = await startProxyUnderTest({ upstreams, secrets });
  const body = bodyOf("anthropic-messages", say("anthropic-messages", "numbers and words ".repeat(promptBytes / 18)), {
    stream: false,
  });
  const direct = async (): Promise<void> => {
    const headers = { "content-type": "application/json", "x-api-key": key, "anthropic-version": "2023-06-01" };
    const url = `${provider.anthropicUrl}/v1/messages`;
    await (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).arrayBuffer();
  };
  const through = async (): Promise<void> => {
    const answer = await proxy.post("anthropic-messages", body);
    if (!answer.ok) throw new Error(`The proxy answered ${answer.status}.`);
    await answer.arrayBuffer();
  };
  try {
    const { ours, baseline } = await pairedRounds(rounds, through, direct);
    return {
      addedMsP50: rounded(quantile(ours, 0.5) - quantile(baseline, 0.5)),
      addedMsP99: rounded(quantile(ours, 0.99) - quantile(baseline, 0.99)),
      timesSlowerThanDirectP50: rounded(quantile(ours, 0.5) / quantile(baseline, 0.5)),
    };
  } finally {
    await proxy.close();
    await provider.close();
  }
}
