import type { ServerResponse } from "node:http";
import { type AgentConfig, LlmApi, type PolicyBundle, type ProxyConfig } from "@berth/contracts";
import { reveal } from "@berth/platform";
import type { SecretRegistry } from "../gate/secret-registry.ts";
import type { StreamRoute } from "./serve-socket.ts";

export interface EgressApiDeps {
  llm: AgentConfig["llm"];
  secrets: Pick<SecretRegistry, "values" | "find" | "use">;
  policy: () => PolicyBundle | null;
}

/** The proxy's whole configuration. A provider whose key is not in the vault is left out, so that nothing goes there. */
function proxyConfigOf({ llm, secrets, policy }: EgressApiDeps): ProxyConfig {
  const upstreams: ProxyConfig["upstreams"] = {};
  for (const api of LlmApi.options) {
    const upstream = llm[api];
    if (!upstream || secrets.find(upstream.keySecret) === null) continue;
    const { baseUrl, keySecret } = upstream;
    upstreams[api] = { baseUrl, apiKey: reveal(secrets.use(keySecret, `llm ${api}`)) };
  }
  const bundle = policy();
  return {
    upstreams,
    secrets: secrets.values(),
    allowHosts: bundle?.egress.allowHosts ?? [],
    gatewayHosts: bundle?.egress.gatewayHosts ?? [],
    // Without a policy nobody has said how much may be used: nothing.
    tokensPerMonth: bundle ? bundle.budget.tokensPerMonth : 0,
  };
}

/** `GET /v1/proxy-config`: a line at once and one after each change, for as long as the proxy listens. */
export function createEgressApi(deps: EgressApiDeps) {
  const listeners = new Set<ServerResponse>();
  const line = () => `${JSON.stringify(proxyConfigOf(deps))}\n`;
  const stream: StreamRoute = (request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.write(line());
    listeners.add(response);
    response.on("close", () => listeners.delete(response));
  };
  return {
    streams: { "GET /v1/proxy-config": stream },
    /** To be called after every change of vault or policy. */
    push(): void {
      if (listeners.size === 0) return;
      const text = line();
      for (const listener of listeners) listener.write(text);
    },
  };
}
