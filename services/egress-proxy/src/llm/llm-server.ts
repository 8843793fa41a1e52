import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { AgentName } from "@berth/contracts";
import type { Presence } from "../presence.ts";
import { anthropic } from "./anthropic.ts";
import { openai } from "./openai.ts";
import type { Provider } from "./provider.ts";
import { type CallContext, serveCall } from "./serve-call.ts";

const routes: Record<string, Provider> = Object.fromEntries(
  [anthropic, openai].map((provider) => [`${provider.api}${provider.path}`, provider]),
);

interface Route {
  agent: string;
  provider: Provider;
}

/** `/llm/<agent>/<api>/v1/...` for the two paths that exist; null for anything else. */
function routeOf(path: string): Route | null {
  const [, agent = "", rest = ""] = /^\/llm\/([^/]+)\/(.+)$/.exec(path) ?? [];
  const provider = Object.hasOwn(routes, rest) ? routes[rest] : undefined;
  return provider && AgentName.safeParse(agent).success ? { agent, provider } : null;
}

function notFound(request: IncomingMessage, response: ServerResponse, path: string): void {
  request.resume();
  const provider = path.includes("/anthropic/") ? anthropic : openai;
  response.writeHead(404, { "content-type": "application/json" });
  response.end(JSON.stringify(provider.errorBody(404, "There is nothing at this address.")));
}

/** The port that the gateway sees: LLM requests per agent, and the wrapper's presence. */
export function createLlmServer(options: { context: CallContext; presence: Presence }): Server {
  const { context, presence } = options;
  return createServer((request, response) => {
    const url = URL.parse(request.url ?? "", "http://proxy");
    const path = url?.pathname ?? "";
    if (request.method === "GET" && path === "/berth/presence") return presence.hold(response);
    const route = request.method === "POST" ? routeOf(path) : null;
    if (!route || !url) {
      context.counters.refused += 1;
      return notFound(request, response, path);
    }
    // serveCall answers every failure itself; what is left is a response that cannot be written to any more.
    serveCall({ ...route, query: url.searchParams, request, response }, context).catch(() => response.destroy());
  });
}
