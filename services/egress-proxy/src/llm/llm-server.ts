import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { AgentName } from "@berth/contracts";
import type { Presence } from "../presence.ts";
import { wireFormats } from "./formats/index.ts";
import { openaiErrorBody } from "./formats/openai-errors.ts";
import { type CallContext, serveCall } from "./serve-call.ts";
import type { WireFormat } from "./wire-format.ts";

interface Route {
  agent: string;
  format: WireFormat;
  path: string;
}

/** `/llm/<agent>/<api>/...` with a path that one of the provider's formats serves; null for anything else. */
function routeOf(pathname: string): Route | null {
  const [, agent = "", api, path = ""] = /^\/llm\/([^/]+)\/([^/]+)(\/.+)$/.exec(pathname) ?? [];
  const format = wireFormats.find((each) => each.api === api && each.serves(path));
  return format && AgentName.safeParse(agent).success ? { agent, format, path } : null;
}

function notFound(request: IncomingMessage, response: ServerResponse, pathname: string): void {
  request.resume();
  const format = wireFormats.find(({ api }) => pathname.includes(`/${api}/`));
  const message = "There is nothing at this address.";
  response.writeHead(404, { "content-type": "application/json" });
  response.end(JSON.stringify((format?.errorBody ?? openaiErrorBody)(404, message)));
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
