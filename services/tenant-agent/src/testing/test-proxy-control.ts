import { createServer } from "node:http";
import type { ProxyState, ProxyUsage, UsageBucket } from "@berth/contracts";

/** The egress proxy's control socket for tests. */
export async function startTestProxyControl(socketPath: string) {
  const buckets: UsageBucket[] = [];
  const state: ProxyState = {
    version: "0.1.0",
    configured: true,
    wrapperPresent: true,
    ledgerWritable: true,
    requestsServed: 0,
    requestsRefused: 0,
    egress: { refusedTotal: 0, recent: [] },
  };
  const server = createServer((request, response) => {
    request.resume();
    const fromHour = new URL(request.url ?? "", "http://x").searchParams.get("fromHour") ?? "";
    const fresh = buckets.filter(({ hour }) => hour >= fromHour);
    const tokensThisMonth = buckets.reduce((sum, { tokens }) => sum + tokens, 0);
    const usage: ProxyUsage = { buckets: fresh, tokensThisMonth, openCalls: 0, estimated: { calls: 0, tokens: 0 } };
    const body = request.url?.startsWith("/v1/usage") ? usage : request.url === "/v1/state" ? state : {};
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    buckets,
    state,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
