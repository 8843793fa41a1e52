import { once } from "node:events";
import { createServer, request } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { createLogger, untilTrue } from "@berth/platform";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EgressProxy, startEgressProxy } from "../start-egress-proxy.ts";
import { type AgentStandIn, startAgentStandIn, stateBecomes } from "../testing/agent-stand-in.ts";
import { readClientHello } from "./client-hello.ts";
import { destinationOf, isPublicAddress, permissionFor } from "./destination.ts";

const publicAddress = "93.184.215.14";
const names: Record<string, string[]> = {
  "api.example.com": [publicAddress],
  "deep.er.example.org": [publicAddress],
  "rebound.example.org": [publicAddress, "10.0.0.5"],
  "inside.example.org": ["127.0.0.1"],
  "metadata.example.org": ["169.254.169.254"],
  "mapped.example.org": ["::ffff:127.0.0.1"],
};

let logged: string;
let agent: AgentStandIn;
let proxy: EgressProxy;
let tcp: Server;
let web: Server;
let dialled: string[];
let received: Buffer;

const portOf = (server: Server) => (server.address() as AddressInfo).port;

beforeEach(async () => {
  logged = "";
  dialled = [];
  received = Buffer.alloc(0);
  tcp = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      socket.write("pong");
    });
  }).listen(0, "127.0.0.1");
  web = createServer((incoming, response) => {
    response.end(JSON.stringify({ url: incoming.url, headers: incoming.headers, method: incoming.method }));
  }).listen(0, "127.0.0.1");
  await Promise.all([once(tcp, "listening"), once(web, "listening")]);
  agent = await startAgentStandIn({
    allowHosts: ["api.example.com", "*.example.org", `127.0.0.1:${portOf(tcp)}`, `[::1]:7`, `localhost:${portOf(web)}`],
  });
  const log = createLogger({
    service: "test",
    destination: {
      write(line: string) {
        logged += line;
      },
    },
  });
  proxy = await startEgressProxy(agent.egressConfig, {
    log,
    resolve: async (host) =>
      host === "localhost" ? ["127.0.0.1"] : (names[host] ?? Promise.reject(new Error("ENOTFOUND"))),
    // The internet of this test: every public address is the server above.
    dial: (address, port) => {
      dialled.push(`${address}:${port}`);
      return connect({ host: "127.0.0.1", port: port === 443 ? portOf(tcp) : port === 80 ? portOf(web) : port });
    },
  });
  await stateBecomes(agent, { configured: true });
});
afterEach(async () => {
  await proxy.close();
  await agent.close();
  for (const server of [tcp, web]) server.close();
});

async function tunnelTo(authority: string): Promise<{ status: number; socket: Socket; text: string }> {
  const call = request(proxy.forwardUrl, { method: "CONNECT", path: authority });
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
const refused = async () => Object((await agent.control("GET", "/v1/state")).json).requestsRefused;

describe("CONNECT", () => {
  it.each([
    ["evil.example.net:443", 403],
    ["example.org:443", 403],
    ["notexample.org:443", 403],
    ["api.example.com.evil.net:443", 403],
    ["api.example.com:22", 403],
    ["93.184.215.14:443", 403],
    ["127.0.0.1:443", 403],
    ["0x7f.1:443", 403],
    ["2130706433:443", 403],
    ["[::1]:443", 403],
    ["[::ffff:127.0.0.1]:443", 403],
    ["169.254.169.254:80", 403],
    ["inside.example.org:443", 403],
    ["metadata.example.org:80", 403],
    ["mapped.example.org:443", 403],
    ["rebound.example.org:443", 403],
    ["unknown.example.org:443", 502],
    ["api.example.com:99999", 400],
    ["user@api.example.com:443", 400],
  ])("to %s is refused with %i, counted, and nothing is dialled", async (authority, status) => {
    const answer = await tunnelTo(authority);
    expect(answer.status).toBe(status);
    expect(dialled).toEqual([]);
    expect(await refused()).toBe(1);
  });

  it.each(["api.example.com:443", "API.example.com.:443", "deep.er.example.org:443"])(
    "to %s passes a TLS greeting for that host on, unchanged, to the address that was looked up",
    async (authority) => {
      const { status, socket } = await tunnelTo(authority);
      expect(status).toBe(200);
      const servername = authority.replace(/\.?:443$/, "").toLowerCase();
      const tls = connectTls({ socket, servername });
      tls.on("error", () => {});
      await untilTrue(() => received.length > 0, { timeoutMs: 5000, intervalMs: 5 });
      expect(readClientHello(received)).toEqual({ state: "complete", serverName: servername });
      expect(dialled).toEqual([`${publicAddress}:443`]);
      tls.destroy();
    },
  );

  it.each(["evil.example.net", "deep.er.example.org", ""])(
    "drops a TLS greeting for '%s' instead",
    async (servername) => {
      const { socket } = await tunnelTo("api.example.com:443");
      const tls = connectTls({ socket, servername });
      tls.on("error", () => {});
      await once(socket, "close");
      expect([dialled, received.length]).toEqual([[], 0]);
      expect(logged).toContain("names another server");
      expect(await refused()).toBe(1);
    },
  );

  it("drops what is no TLS greeting on port 443", async () => {
    const { socket } = await tunnelTo("api.example.com:443");
    socket.on("error", () => {});
    socket.write("GET / HTTP/1.1\r\nhost: evil\r\n\r\n");
    await once(socket, "close");
    expect(dialled).toEqual([]);
  });

  it("reaches a private destination only if it is listed with its port", async () => {
    const { status, socket } = await tunnelTo(`127.0.0.1:${portOf(tcp)}`);
    expect(status).toBe(200);
    socket.write("ping");
    const [answer] = await once(socket, "data");
    expect(answer.toString()).toBe("pong");
    socket.destroy();
    expect((await tunnelTo(`127.0.0.1:${portOf(web)}`)).status).toBe(403);
  });

  it("is refused while the agent's configuration is not there", async () => {
    agent.goAway();
    await stateBecomes(agent, { configured: false });
    expect((await tunnelTo("api.example.com:443")).status).toBe(503);
  });
});

describe("plain HTTP", () => {
  const get = async (url: string, headers: Record<string, string> = {}) => {
    const call = request(proxy.forwardUrl, { path: url, headers });
    call.end();
    const [response] = await once(call, "response");
    return { status: response.statusCode, text: (await response.toArray()).join("") };
  };

  it("is passed on to a listed host without the hop's own headers", async () => {
    const headers = { "proxy-authorization": "x", connection: "x-hop", "x-hop": "1", "x-end": "2" };
    const { status, text } = await get("http://api.example.com/a?b=c", headers);
    expect(status).toBe(200);
    const seen = JSON.parse(text);
    expect(seen).toMatchObject({ url: "/a?b=c", method: "GET", headers: { host: "api.example.com", "x-end": "2" } });
    expect(seen.headers).not.toHaveProperty("proxy-authorization");
    expect(seen.headers).not.toHaveProperty("x-hop");
    expect(dialled).toEqual([`${publicAddress}:80`]);
  });

  it.each([
    ["http://evil.example.net/path?token=t0k3n", 403],
    ["http://inside.example.org/", 403],
    ["http://127.0.0.1/", 403],
    ["https://api.example.com/", 400],
    ["/v1/state", 400],
  ])("%s is refused with %i, and only its host is written down", async (url, status) => {
    expect((await get(url)).status).toBe(status);
    expect(dialled).toEqual([]);
    expect(await refused()).toBe(1);
    expect(logged).not.toContain("t0k3n");
  });

  it("reaches a private name that is listed with its port", async () => {
    expect((await get(`http://localhost:${portOf(web)}/x`)).status).toBe(200);
  });
});

describe("destinations", () => {
  it("reads every spelling of a host as the same host", () => {
    expect(destinationOf("EXAMPLE.com.:8443", 443)).toEqual({ host: "example.com", port: 8443 });
    expect(destinationOf("0x7f.1", 443)).toEqual({ host: "127.0.0.1", port: 443 });
    expect(destinationOf("[::1]:80", 443)).toEqual({ host: "::1", port: 80 });
    for (const broken of ["", "a/b:443", "a b:443", ":443", "a:0", "a:70000", "[::1"]) {
      expect(destinationOf(broken, 443)).toBeNull();
    }
  });

  it.each([
    ["8.8.8.8", true],
    ["2606:4700:4700::1111", true],
    ["10.1.2.3", false],
    ["100.64.0.1", false],
    ["172.31.255.255", false],
    ["192.168.1.1", false],
    ["169.254.169.254", false],
    ["0.0.0.0", false],
    ["224.0.0.1", false],
    ["203.0.113.10", false],
    ["::1", false],
    ["::", false],
    ["fd00::1", false],
    ["fe80::1", false],
    ["::ffff:8.8.8.8", false],
    ["64:ff9b::a00:1", false],
    ["2002:a00:1::", false],
    ["not an address", false],
  ])("%s is public: %s", (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic);
  });

  it("a listed port opens that port alone", () => {
    const list = ["db.example.com:5432"];
    expect(permissionFor({ host: "db.example.com", port: 5432 }, list)).toEqual({ allowed: true, privateToo: true });
    expect(permissionFor({ host: "db.example.com", port: 443 }, list).allowed).toBe(false);
  });
});

describe("a TLS greeting", () => {
  it("is read the same however it is cut, and garbage never is", async () => {
    const { socket } = await tunnelTo(`127.0.0.1:${portOf(tcp)}`);
    const tls = connectTls({ socket, servername: "api.example.com" });
    tls.on("error", () => {});
    await untilTrue(() => readClientHello(received).state === "complete", { timeoutMs: 5000, intervalMs: 5 });
    const hello = received;
    tls.destroy();
    for (let cut = 0; cut < hello.length - 1; cut += 1) {
      expect(readClientHello(hello.subarray(0, cut)).state).toBe("incomplete");
    }
    for (let at = 0; at < hello.length; at += 1) {
      const broken = Buffer.from(hello);
      broken[at] = (broken[at] ?? 0) ^ 0xff;
      const read = readClientHello(broken);
      expect(["incomplete", "invalid", "complete"]).toContain(read.state);
    }
    // The same greeting in records of ten bytes each.
    const records: Buffer[] = [];
    for (let at = 5; at < hello.length; at += 10) {
      const part = hello.subarray(at, at + 10);
      records.push(Buffer.from([22, 3, 1, 0, part.length]), part);
    }
    expect(readClientHello(Buffer.concat(records))).toEqual({ state: "complete", serverName: "api.example.com" });
  });
});
