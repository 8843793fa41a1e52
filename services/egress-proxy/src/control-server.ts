import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { ProbeTurn, type ProxyState, type ProxyUsage, Timestamp } from "@berth/contracts";
import { appErrorOf, fail, type Ids, parseOrFail, problemOf, readBody } from "@berth/platform";
import type { Probes } from "./probes.ts";

export interface ControlContext {
  state: () => ProxyState;
  usage: (fromHour: string | null) => ProxyUsage;
  probes: Probes;
  ids: Ids;
}

const probeBytesMax = 64 * 1024;

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const raw = await readBody(request, probeBytesMax);
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch (error) {
    fail("invalid_input", "The body is not valid JSON.", { cause: error });
  }
}

async function answer(request: IncomingMessage, context: ControlContext): Promise<{ status: number; body?: unknown }> {
  const url = new URL(request.url ?? "", "http://proxy");
  switch (`${request.method} ${url.pathname}`) {
    case "GET /v1/state":
      return { status: 200, body: context.state() };
    case "GET /v1/usage": {
      const fromHour = url.searchParams.get("fromHour");
      const from = fromHour === null ? null : new Date(parseOrFail(Timestamp, fromHour, "fromHour")).toISOString();
      return { status: 200, body: context.usage(from) };
    }
    case "POST /v1/probes":
      context.probes.register(parseOrFail(ProbeTurn, await jsonBody(request), "probe"));
      return { status: 204 };
    default:
      fail("not_found", "There is nothing at this address.");
  }
}

/** The agent's window into the proxy: state, usage totals, and the probe turns that it wants answered here. */
export function createControlServer(context: ControlContext): Server {
  return createServer((request: IncomingMessage, response: ServerResponse) => {
    void answer(request, context)
      .catch((error: unknown) => problemOf(appErrorOf(error), context.ids.next("req")))
      .then(({ status, body }) => {
        response.writeHead(status, body === undefined ? {} : { "content-type": "application/json" });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
  });
}
