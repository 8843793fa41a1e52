import { once } from "node:events";
import { createServer, request } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { type EgressReport, ProxyState } from "@berth/contracts";
import { createLogger, ManualClock } from "@berth/platform";
import { startEgressProxy } from "../start-egress-proxy.ts";
import { type AgentStandIn, checkIn, startAgentStandIn, stateBecomes } from "./agent-stand-in.ts";

export const publicAddress = "93.184.215.14";

/** The resolver of these tests; other names have no address. */
const names: Record<string, string[]> = {
  "api.example.com": [publicAddress],
  "chat.example.com": [publicAddress],
  "plain.example.com": [publicAddress],
  "db.example.com": ["10.0.0.5"],
  "deep.er.example.org": [publicAddress],
  "rebound.example.org": [publicAddress, "10.0.0.5"],
  "inside.example.org": ["127.0.0.1"],
  "metadata.example.org": ["169.254.169.254"],
  "mapped.example.org": ["::ffff:127.0.0.1"],
};

export interface ForwardUnderTest {
  agent: AgentStandIn;
  wrapper: { leave(): void };
  clock: ManualClock;
  forwardUrl: string;
  channelUrl: string;
  /** Behind every public address: port 443 is `tcp`, which answers `pong` to all, port 80 is `web`, which tells what it got. */
  tcp: Server;
  web: Server;
  /** What was looked up, what was dialled (`address:port`), what arrived at `tcp`. */
  resolved: string[];
  dialled: string[];
  received(): Buffer;
  /** The proxy's own ends of the connections it opened. */
  opened: Socket[];
  logged(): string;
  egress(): Promise<EgressReport>;
  refused(): Promise<number>;
  close(): Promise<void>;
}

export const portOf = (server: Server): number => (server.address() as AddressInfo).port; // it listens on TCP

async function startOutside() {
  let received = Buffer.alloc(0);
  const tcp = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      socket.write("pong");
    });
  }).listen(0, "127.0.0.1");
  const web = createServer((incoming, response) => {
    response.end(JSON.stringify({ url: incoming.url, headers: incoming.headers, method: incoming.method }));
  }).listen(0, "127.0.0.1");
  await Promise.all([once(tcp, "listening"), once(web, "listening")]);
  return { tcp, web, received: () => received };
}

/** A whole proxy, configured, with the wrapper present; its internet is two servers of this process. */
export async function startForwardUnderTest(
  more: { allowHosts?: string[]; gatewayHosts?: string[]; secrets?: { name: string; value: string }[] } = {},
): Promise<ForwardUnderTest> {
  const outside = await startOutside();
  const { tcp, web } = outside;
  let logged = "";
  const resolved: string[] = [];
  const dialled: string[] = [];
  const opened: Socket[] = [];
  const write = (line: string) => {
    logged += line;
  };
  const allowHosts = [
    "api.example.com",
    "*.example.org",
    "db.example.com:5432",
    "plain.example.com:80",
    `127.0.0.1:${portOf(tcp)}`,
    "169.254.169.254:80",
  ];
  const agent = await startAgentStandIn({ allowHosts, gatewayHosts: ["chat.example.com"], ...more });
  const clock = new ManualClock();
  const proxy = await startEgressProxy(agent.egressConfig, {
    log: createLogger({ service: "test", destination: { write } }),
    clock,
    resolve: async (host) => {
      resolved.push(host);
      return names[host] ?? Promise.reject(new Error("ENOTFOUND"));
    },
    dial: (address, port) => {
      dialled.push(`${address}:${port}`);
      const there = port === 443 ? portOf(tcp) : port === 80 ? portOf(web) : port;
      const socket = connect({ host: "127.0.0.1", port: there, allowHalfOpen: true });
      opened.push(socket);
      return socket;
    },
  });
  const wrapper = await checkIn(proxy.llmUrl);
  await stateBecomes(agent, { configured: true, wrapperPresent: true });
  const state = async () => ProxyState.parse((await agent.control("GET", "/v1/state")).json);
  return {
    ...outside,
    agent,
    wrapper,
    clock,
    forwardUrl: proxy.forwardUrl,
    channelUrl: proxy.channelUrl,
    resolved,
    dialled,
    opened,
    logged: () => logged,
    egress: async () => (await state()).egress,
    refused: async () => (await state()).requestsRefused,
    async close() {
      await proxy.close();
      await agent.close();
      for (const server of [tcp, web]) server.close();
    },
  };
}

export interface Tunnel {
  status: number | undefined;
  socket: Socket;
  /** The answer's body where there is no tunnel. */
  text: string;
}

/** `CONNECT authority` at a door of the proxy. */
export async function connectThrough(doorUrl: string, authority: string): Promise<Tunnel> {
  const call = request(doorUrl, { method: "CONNECT", path: authority });
  call.end();
  return Promise.race([
    once(call, "connect").then(([response, socket]) => ({ status: response.statusCode, socket, text: "" })),
    once(call, "response").then(async ([response]) => ({
      status: response.statusCode,
      socket: response.socket,
      text: (await response.toArray()).join(""),
    })),
  ]);
}

/** A request in absolute form at a door of the proxy. */
export async function getThrough(doorUrl: string, url: string, headers: Record<string, string> = {}) {
  const call = request(doorUrl, { path: url, headers });
  call.end();
  const [response] = await once(call, "response");
  return { status: response.statusCode as number, text: (await response.toArray()).join("") as string };
}
