import { type ProbeTurn, ProxyState, ProxyUsage } from "@berth/contracts";
import { fail, parseOrFail } from "@berth/platform";
import { Agent, fetch } from "undici";

export interface ProxyControl {
  usage(fromHour: string): Promise<ProxyUsage>;
  state(): Promise<ProxyState>;
  expectProbe(turn: ProbeTurn): Promise<void>;
  close(): Promise<void>;
}

/** The egress proxy's control socket. Every call throws `unavailable` while the proxy is away. */
export function createProxyControl(socketPath: string): ProxyControl {
  const dispatcher = new Agent({ connect: { socketPath }, pipelining: 0 });
  const request = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`http://egress${path}`, {
      method,
      dispatcher,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      signal: AbortSignal.timeout(5_000),
    }).catch((cause) => fail("unavailable", "The egress proxy does not answer.", { cause }));
    const text = await response.text();
    if (!response.ok) fail("unavailable", `The egress proxy answered ${response.status}.`);
    return text === "" ? null : JSON.parse(text);
  };
  return {
    usage: async (fromHour) =>
      parseOrFail(
        ProxyUsage,
        await request("GET", `/v1/usage?fromHour=${encodeURIComponent(fromHour)}`),
        "proxy usage",
      ),
    state: async () => parseOrFail(ProxyState, await request("GET", "/v1/state"), "proxy state"),
    expectProbe: async (turn) => {
      await request("POST", "/v1/probes", turn);
    },
    close: () => dispatcher.close(),
  };
}
