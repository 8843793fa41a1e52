import { once } from "node:events";
import { request } from "node:http";
import type { Duplex } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type ForwardUnderTest,
  getThrough,
  publicAddress,
  startForwardUnderTest,
} from "../testing/forward-under-test.ts";

let proxy: ForwardUnderTest;
beforeEach(async () => {
  proxy = await startForwardUnderTest();
});
afterEach(() => proxy.close());
const get = (url: string, headers: Record<string, string> = {}) => getThrough(proxy.forwardUrl, url, headers);

describe("plain HTTP", () => {
  it("is passed on to a host that is listed with port 80, without the hop's own headers", async () => {
    const headers = { "proxy-authorization": "x", connection: "x-hop", "x-hop": "1", "x-end": "2" };
    const { status, text } = await get("http://plain.example.com/a?b=c", headers);
    expect(status).toBe(200);
    const seen = JSON.parse(text);
    expect(seen).toMatchObject({ url: "/a?b=c", method: "GET", headers: { host: "plain.example.com", "x-end": "2" } });
    expect(seen.headers).not.toHaveProperty("proxy-authorization");
    expect(seen.headers).not.toHaveProperty("x-hop");
    expect(proxy.dialled).toEqual([`${publicAddress}:80`]);
  });

  it.each([
    ["http://evil.example.net/path?token=t0k3n", 403, "not_listed"],
    ["http://api.example.com/", 403, "port"],
    ["http://api.example.com:443/", 403, "no_greeting"],
    ["http://127.0.0.1/", 403, "port"],
    ["http://user:pass@plain.example.com/", 400, "unreadable"],
    ["https://api.example.com/", 400, "unreadable"],
    ["/v1/state?token=t0k3n", 400, "unreadable"],
  ])("%s is refused with %i (%s), and only its host is written down", async (url, status, reason) => {
    expect((await get(url)).status).toBe(status);
    expect(proxy.dialled).toEqual([]);
    const { recent } = await proxy.egress();
    expect(recent).toMatchObject([{ reason }]);
    expect(proxy.logged() + JSON.stringify(recent)).not.toContain("t0k3n");
  });
});

describe("an upgrade to WebSocket over plain HTTP", () => {
  const upgrade = (url: string, protocol = "websocket") => {
    const headers = { connection: "Upgrade", upgrade: protocol, "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" };
    const call = request(proxy.forwardUrl, { path: url, headers });
    call.end();
    return call;
  };

  it("is passed on, and from the 101 on both sides speak freely", async () => {
    proxy.web.on("upgrade", (incoming, socket: Duplex) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\nfirst");
      socket.on("data", (chunk) => socket.end(`${incoming.url} ${incoming.headers["sec-websocket-key"]} ${chunk}`));
    });
    const [answer, socket, head] = await once(upgrade("http://plain.example.com/ws?x=1"), "upgrade");
    expect([answer.statusCode, answer.headers.upgrade]).toEqual([101, "websocket"]);
    socket.write("hello");
    const rest = Buffer.concat([head, ...(await socket.toArray())]).toString();
    expect(rest).toBe("first/ws?x=1 dGhlIHNhbXBsZSBub25jZQ== hello");
  });

  it("comes back as an answer where the server does not take it", async () => {
    const [answer] = await once(upgrade("http://plain.example.com/nothing"), "response");
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse((await answer.toArray()).join(""))).toMatchObject({ url: "/nothing" });
  });

  it.each([
    ["http://evil.example.net/ws", "websocket", 403],
    ["http://plain.example.com/", "h2c", 403],
    ["/ws", "websocket", 400],
  ])("to %s (%s) is refused with %i", async (url, protocol, status) => {
    const [answer] = await once(upgrade(url, protocol), "response");
    expect([answer.statusCode, proxy.dialled]).toEqual([status, []]);
    expect(await proxy.refused()).toBe(1);
  });
});
