import { once } from "node:events";
import { connect as connectTls } from "node:tls";
import { untilTrue } from "@berth/platform";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stateBecomes } from "../testing/agent-stand-in.ts";
import {
  connectThrough,
  type ForwardUnderTest,
  portOf,
  publicAddress,
  startForwardUnderTest,
} from "../testing/forward-under-test.ts";
import { readClientHello } from "./client-hello.ts";

const secret = "Pa55-of-the-Vault-0123456789";
let proxy: ForwardUnderTest;
beforeEach(async () => {
  proxy = await startForwardUnderTest({ secrets: [{ name: "vault-value", value: secret }] });
});
afterEach(() => proxy.close());
const tunnelTo = (authority: string) => connectThrough(proxy.forwardUrl, authority);

describe("CONNECT", () => {
  it.each([
    ["evil.example.net:443", 403, "not_listed"],
    ["example.org:443", 403, "not_listed"],
    ["notexample.org:443", 403, "not_listed"],
    ["api.example.com.evil.net:443", 403, "not_listed"],
    ["api.example.com:22", 403, "port"],
    ["api.example.com:80", 403, "port"],
    ["plain.example.com:443", 403, "port"],
    ["93.184.215.14:443", 403, "address"],
    ["127.0.0.1:443", 403, "port"],
    ["0x7f.1:8080", 403, "port"],
    ["2130706433:8080", 403, "port"],
    ["[::1]:443", 403, "address"],
    ["[::ffff:127.0.0.1]:443", 403, "address"],
    ["[2606:4700:4700::1111]:443", 403, "address"],
    ["169.254.169.254:80", 403, "address"],
    ["inside.example.org:443", 403, "private_address"],
    ["metadata.example.org:443", 403, "private_address"],
    ["mapped.example.org:443", 403, "private_address"],
    ["rebound.example.org:443", 403, "private_address"],
    ["db.example.com:5432", 403, "private_address"],
    [`${secret}.example.org:443`, 403, "secret_in_name"],
    ["api.example.com:99999", 400, "unreadable"],
    ["user@api.example.com:443", 400, "unreadable"],
  ])("to %s is refused with %i (%s), told, and nothing is dialled", async (authority, status, reason) => {
    const answer = await tunnelTo(authority);
    expect(answer.status).toBe(status);
    expect(proxy.dialled).toEqual([]);
    expect(await proxy.refused()).toBe(1);
    const { refusedTotal, recent } = await proxy.egress();
    expect([refusedTotal, recent]).toMatchObject([1, [{ client: "executor", reason, count: 1 }]]);
    expect(proxy.logged() + JSON.stringify(recent)).not.toContain(secret.toLowerCase());
    expect(proxy.logged()).not.toContain(secret);
  });

  it("to a name that is not listed asks no resolver: a name can carry what must not leave", async () => {
    await tunnelTo("anything.evil.example.net:443");
    await tunnelTo(`${secret}.example.org:443`);
    expect(proxy.resolved).toEqual([]);
  });

  it("to a listed name without an address fails, and that is no news of anybody's attempt", async () => {
    expect((await tunnelTo("unknown.example.org:443")).status).toBe(502);
    expect(await proxy.egress()).toEqual({ refusedTotal: 0, recent: [] });
  });

  it.each(["api.example.com:443", "API.example.com.:443", "deep.er.example.org:443"])(
    "to %s passes a TLS greeting for that host on, unchanged, to the address that was looked up",
    async (authority) => {
      const { status, socket } = await tunnelTo(authority);
      expect(status).toBe(200);
      const servername = authority.replace(/\.?:443$/, "").toLowerCase();
      const tls = connectTls({ socket, servername });
      tls.on("error", () => {});
      await untilTrue(() => proxy.received().length > 0, { timeoutMs: 5000, intervalMs: 5 });
      expect(readClientHello(proxy.received())).toMatchObject({ state: "complete", serverName: servername });
      expect([proxy.resolved, proxy.dialled]).toEqual([[servername], [`${publicAddress}:443`]]);
      tls.destroy();
    },
  );

  it.each(["evil.example.net", "deep.er.example.org", ""])(
    "drops a TLS greeting for '%s' instead, and dials nothing",
    async (servername) => {
      const { socket } = await tunnelTo("api.example.com:443");
      const tls = connectTls({ socket, servername });
      tls.on("error", () => {});
      await once(socket, "close");
      expect([proxy.dialled, proxy.received().length]).toEqual([[], 0]);
      expect((await proxy.egress()).recent).toMatchObject([{ host: "*.example.com", reason: "other_server" }]);
    },
  );

  it("drops what is no TLS greeting on port 443", async () => {
    const { socket } = await tunnelTo("api.example.com:443");
    socket.on("error", () => {});
    socket.write("GET / HTTP/1.1\r\nhost: evil\r\n\r\n");
    await once(socket, "close");
    expect(proxy.dialled).toEqual([]);
    expect((await proxy.egress()).recent).toMatchObject([{ reason: "no_greeting" }]);
  });

  it("drops a client that ends its side before it has greeted", async () => {
    const { socket } = await tunnelTo("api.example.com:443");
    socket.on("error", () => {});
    socket.end(Buffer.from([22, 3, 1]));
    await once(socket, "close");
    expect(proxy.dialled).toEqual([]);
  });

  it("reaches a private address only where it is written down with its port", async () => {
    const { status, socket } = await tunnelTo(`127.0.0.1:${portOf(proxy.tcp)}`);
    expect(status).toBe(200);
    socket.write("ping");
    const [answer] = await once(socket, "data");
    expect(answer.toString()).toBe("pong");
    socket.destroy();
    expect((await tunnelTo(`127.0.0.1:${portOf(proxy.web)}`)).status).toBe(403);
  });

  it("is refused while the agent's configuration is not there", async () => {
    proxy.agent.goAway();
    await stateBecomes(proxy.agent, { configured: false });
    expect((await tunnelTo("api.example.com:443")).status).toBe(503);
  });
});

describe("the gateway's own door", () => {
  const tunnel = (authority: string) => connectThrough(proxy.channelUrl, authority);

  it("has a list of its own, and its refusals name the gateway", async () => {
    const { status, socket } = await tunnel("chat.example.com:443");
    socket.destroy();
    expect(status).toBe(200);
    expect((await tunnel("api.example.com:443")).status).toBe(403);
    expect((await tunnelTo("chat.example.com:443")).status).toBe(403);
    expect((await proxy.egress()).recent.map(({ client }) => client).sort()).toEqual(["executor", "gateway"]);
  });

  it("lets nothing out while the wrapper is not there", async () => {
    proxy.wrapper.leave();
    await stateBecomes(proxy.agent, { wrapperPresent: false });
    expect((await tunnel("chat.example.com:443")).status).toBe(503);
    expect((await tunnelTo("api.example.com:443")).status).toBe(200);
  });

  it("refuses what the pinned gateway asks for at every start without making it news", async () => {
    expect((await tunnel("clawhub.ai:443")).status).toBe(403);
    expect(await proxy.refused()).toBe(1);
    expect(await proxy.egress()).toEqual({ refusedTotal: 0, recent: [] });
    expect((await tunnelTo("clawhub.ai:443")).status).toBe(403);
    expect(await proxy.egress()).toMatchObject({ refusedTotal: 1, recent: [{ host: "clawhub.ai" }] });
  });
});
