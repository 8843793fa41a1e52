import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, get, type IncomingMessage, request, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EgressConfig, ProxyConfig } from "@berth/contracts";
import { untilTrue } from "@berth/platform";

/** The agent's side of its two sockets with the proxy, for tests: a real server on a real unix socket. */
export interface AgentStandIn {
  egressConfig: EgressConfig;
  configure(changes: Partial<ProxyConfig>): void;
  /** A line that no proxy should accept. */
  sendLine(line: string): void;
  /** Ends the stream and answers no more until `comeBack()`. */
  goAway(): void;
  /** A last line that no proxy should accept, on a stream that stays open; no other stream after it. */
  goAwayWith(line: string): void;
  comeBack(): void;
  control(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }>;
  close(): Promise<void>;
}

const empty: ProxyConfig = { upstreams: {}, secrets: [], allowHosts: [], gatewayHosts: [], tokensPerMonth: null };

export async function startAgentStandIn(initial: Partial<ProxyConfig>): Promise<AgentStandIn> {
  const folder = mkdtempSync(join(tmpdir(), "egress-"));
  const [agentSocket, controlSocket] = [join(folder, "agent.sock"), join(folder, "control.sock")];
  const streams = new Set<ServerResponse>();
  let config = { ...empty, ...initial };
  let away = false;
  const server = createServer((_request, response) => {
    if (away) return void response.destroy();
    streams.add(response);
    response.on("close", () => streams.delete(response));
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.write(`${JSON.stringify(config)}\n`);
  });
  server.listen(agentSocket);
  await once(server, "listening");
  const sendLine = (line: string) => {
    for (const stream of streams) stream.write(`${line}\n`);
  };
  return {
    egressConfig: { stateDir: folder, agentSocket, controlSocket, llmPort: 0, forwardPort: 0, channelPort: 0 },
    configure(changes) {
      config = { ...config, ...changes };
      sendLine(JSON.stringify(config));
    },
    sendLine,
    goAway() {
      away = true;
      for (const stream of streams) stream.destroy();
    },
    goAwayWith(line) {
      away = true;
      sendLine(line);
    },
    comeBack() {
      away = false;
    },
    async control(method, path, body) {
      const call = request({ socketPath: controlSocket, method, path });
      call.end(body === undefined ? undefined : JSON.stringify(body));
      const [response]: IncomingMessage[] = await once(call, "response");
      if (!response) throw new Error("no response");
      const text = (await response.toArray()).join("");
      return { status: response.statusCode ?? 0, json: text === "" ? null : JSON.parse(text) };
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The wrapper's presence at a proxy; `leave()` is its death. */
export async function checkIn(llmUrl: string): Promise<{ leave(): void }> {
  const call = get(`${llmUrl}/berth/presence`);
  const [response]: IncomingMessage[] = await once(call, "response");
  response?.on("error", () => {});
  response?.resume();
  return {
    leave: () => {
      call.on("error", () => {});
      call.destroy();
    },
  };
}

/** Waits until the proxy's state is as wanted. */
export const stateBecomes = (agent: AgentStandIn, wanted: Record<string, unknown>) =>
  untilTrue(
    async () => {
      const { json } = await agent.control("GET", "/v1/state");
      return Object.entries(wanted).every(([name, value]) => Object(json)[name] === value);
    },
    { timeoutMs: 5000, intervalMs: 10, what: `The state ${JSON.stringify(wanted)}` },
  );
