import { createConnection } from "node:net";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { maxFrameBytes } from "@berth/contracts";
import { createTicket, listCommands, publishPolicy } from "@berth/core";
import { as, customerActor, openTestHub, type TestHub } from "@berth/core/testing";
import { createLogger, untilTrue } from "@berth/platform";
import type { WorldCustomer, WorldTenant } from "@berth/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { LinkSettings } from "./settings.ts";
import { type Realtime, startRealtime } from "./start-realtime.ts";
import { connect, type Peer, untilClosed } from "./testing/peer.ts";

let hub: TestHub;
let realtime: Realtime;
let owner: WorldCustomer;
let tenant: WorldTenant;
let logged = "";
const peers: Peer[] = [];
const destination = new Writable({
  write: (chunk, _, done) => {
    logged += chunk;
    done();
  },
});

async function start(settings: Partial<LinkSettings> = {}): Promise<Realtime> {
  const ctx = { ...hub.ctx, deps: {}, log: createLogger({ service: "realtime", level: "trace", destination }) };
  return startRealtime({ host: "127.0.0.1", port: 0, databaseUrl: hub.url, ctx, settings });
}
beforeAll(async () => {
  hub = await openTestHub(inject("postgresUrl"));
  realtime = await start();
});
afterAll(async () => {
  await realtime.stop();
  await hub.close();
});
beforeEach(async () => {
  owner = await hub.world.addCustomer();
  tenant = await hub.world.addTenant(owner);
  logged = "";
});
afterEach(() => {
  for (const peer of peers.splice(0)) peer.socket.terminate();
});

async function keep(peer: Promise<Peer>): Promise<Peer> {
  peers.push(await peer);
  return peer;
}
function openServer(of = tenant, on = realtime): Promise<Peer> {
  const url = `${on.url}/tenant`;
  return keep(connect(url, hub.world.sign(of, { method: "GET", url })));
}
async function ticketOf(person = owner, { tenantId } = tenant): Promise<string> {
  return (await createTicket({ ctx: as(hub.ctx, customerActor(person)), input: { tenantId } })).ticket;
}
async function openBrowser(person = owner, of = tenant, on = realtime): Promise<Peer> {
  return keep(connect(`${on.url}/portal?ticket=${await ticketOf(person, of)}`));
}
const publish = (of = tenant) =>
  publishPolicy({ ctx: as(hub.ctx, { kind: "system", job: "test" }), input: { tenantId: of.tenantId } });
const message = { id: "m1", role: "assistant", text: "the answer", at: "2026-01-05T09:00:00.000Z" };

describe("a chat", () => {
  it("goes from the browser to its server and back to every browser of that server, unknown fields left out", async () => {
    const server = await openServer();
    const browser = await openBrowser();
    const second = await openBrowser();
    expect(await browser.hear("agent.link")).toMatchObject({ connected: true });
    browser.say({ type: "chat.send", requestId: "r1", text: "delete the file", color: "blue", from: "somebody else" });
    expect(await server.hear("chat.send")).toEqual({
      type: "chat.send",
      requestId: "r1",
      text: "delete the file",
      from: owner.email,
    });
    server.say({ type: "chat.fact", fact: { type: "chat.accepted", requestId: "r1" }, extra: 1 });
    server.say({ type: "chat.fact", fact: { type: "chat.delta", runId: "run", text: "the" } });
    server.say({ type: "chat.fact", fact: { type: "chat.final", runId: "run", message } });
    for (const one of [browser, second]) {
      expect(await one.hear("chat.accepted")).toEqual({ type: "chat.accepted", requestId: "r1" });
      expect(await one.hear("chat.delta")).toMatchObject({ text: "the" });
      expect(await one.hear("chat.final")).toEqual({ type: "chat.final", runId: "run", message });
    }
  });

  it("is heard by nobody else: not by another organisation's browser, nor by its server", async () => {
    const stranger = await hub.world.addCustomer();
    const strange = await hub.world.addTenant(stranger);
    const [server, otherServer] = [await openServer(), await openServer(strange)];
    const [browser, otherBrowser] = [await openBrowser(), await openBrowser(stranger, strange)];
    browser.say({ type: "chat.send", requestId: "r1", text: "hello" });
    await server.hear("chat.send");
    server.say({ type: "chat.fact", fact: { type: "chat.final", runId: "run", message } });
    await browser.hear("chat.final");
    // A later word on the same links shows that the earlier ones have all been delivered.
    otherServer.say({ type: "chat.fact", fact: { type: "chat.accepted", requestId: "own" } });
    await otherBrowser.hear("chat.accepted");
    expect(otherBrowser.frames.map((frame) => frame.type)).toEqual(["agent.link", "chat.accepted"]);
    expect(otherServer.frames).toEqual([]);
  });

  it("tells the person when the server is away, comes and goes", async () => {
    const browser = await openBrowser();
    expect(await browser.hear("agent.link")).toMatchObject({ connected: false });
    browser.say({ type: "chat.send", requestId: "r1", text: "hello" });
    expect(await browser.hear("chat.error")).toMatchObject({ requestId: "r1" });
    const server = await openServer();
    expect(await browser.hear("agent.link")).toMatchObject({ connected: true });
    server.leave();
    expect(await browser.hear("agent.link")).toMatchObject({ connected: false });
  });

  it("leaves no text and no ticket in the log or the database", async () => {
    const server = await openServer();
    const ticket = await ticketOf();
    const browser = await keep(connect(`${realtime.url}/portal?ticket=${ticket}`));
    browser.say({ type: "chat.send", requestId: "r1", text: "a very private word" });
    await server.hear("chat.send");
    await expect(connect(`${realtime.url}/portal?ticket=${ticket}`)).rejects.toThrow("401");
    expect(logged).toContain(tenant.tenantId);
    expect(logged).not.toContain("a very private word");
    expect(logged).not.toContain(ticket);
  });
});

describe("commands", () => {
  it("wait for the server, come at once when it is there, in order and once, and not again after the acknowledgement", async () => {
    await publish();
    await publish();
    const server = await openServer();
    const seqOf = async (peer: Peer) => ((await peer.hear("command")).command as { seq: number }).seq;
    expect([await seqOf(server), await seqOf(server)]).toEqual([1, 2]);
    await publish();
    expect(await seqOf(server)).toBe(3);
    server.say({ type: "command.ack", upToSeq: 2 });
    await untilTrue(
      async () => (await hub.db.tenant.findUnique({ where: { id: tenant.tenantId } }))?.acknowledgedSeq === 2,
      { timeoutMs: 5000 },
    );
    const again = await openServer();
    expect(await seqOf(again)).toBe(3);
    expect(await untilClosed(server)).toBe(4000);
    await publish();
    expect(await seqOf(again)).toBe(4);
    expect(again.frames).toHaveLength(2);
  });

  it("carry the signed words that the API lists too", async () => {
    await publish();
    const server = await openServer();
    const { command } = await server.hear("command");
    const listed = await listCommands({
      ctx: as(hub.ctx, { kind: "tenantAgent", tenantId: tenant.tenantId }),
      input: { after: 0 },
    });
    expect(listed.commands).toEqual([command]);
  });

  it("come through again after the database connection was cut, and browsers are told to read again", async () => {
    const server = await openServer();
    const browser = await openBrowser();
    await hub.db.$queryRaw`
      SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
      WHERE datname = current_database() AND query = 'LISTEN berth_events'`;
    await publish(); // while nobody listens
    expect(await server.hear("command")).toMatchObject({ command: { seq: 1 } });
    expect(await untilClosed(browser)).toBe(1012);
  });
});

it("passes hints on to the browsers of that organisation only", async () => {
  const stranger = await hub.world.addCustomer();
  const strange = await hub.world.addTenant(stranger);
  const [browser, other] = [await openBrowser(), await openBrowser(stranger, strange)];
  const hint = (organizationId: string, id: string) =>
    hub.db
      .$executeRaw`SELECT pg_notify('berth_events', ${JSON.stringify({ type: "changed", entity: "order", id, tenantId: null, organizationId })})`;
  await hint(owner.organizationId, "ord_mine");
  await hint(stranger.organizationId, "ord_theirs");
  expect(await browser.hear("changed")).toMatchObject({ id: "ord_mine" });
  expect(await other.hear("changed")).toMatchObject({ id: "ord_theirs" });
  expect([...browser.frames, ...other.frames].filter((frame) => frame.type === "changed")).toHaveLength(2);
});

describe("a handshake", () => {
  it("is refused without, with a foreign, an old or a used signature, and at an unknown address", async () => {
    const url = `${realtime.url}/tenant`;
    const sign = (of: WorldTenant, at = url) => hub.world.sign(of, { method: "GET", url: at });
    await expect(connect(url)).rejects.toThrow("401");
    const other = await hub.world.addTenant(owner);
    await expect(connect(url, sign({ ...other, keyId: tenant.keyId }))).rejects.toThrow("401");
    await expect(connect(url, sign(tenant, `${realtime.url}/portal`))).rejects.toThrow("401");
    const headers = sign(tenant);
    await keep(connect(url, headers));
    await expect(connect(url, headers)).rejects.toThrow("401");
    const old = sign(tenant);
    hub.ctx.clock.advance(301_000);
    await expect(connect(url, old)).rejects.toThrow("401");
    await expect(connect(`${realtime.url}/`, sign(tenant))).rejects.toThrow("404");
  });

  it.each(["//", "//elsewhere/portal", "//[/tenant", ":9/tenant", "http://elsewhere/tenant", "*", "/portal/../tenant"])(
    "to the target %s is no fault of ours",
    async (target) => {
      const { port } = new URL(realtime.url);
      const stream = createConnection(Number(port), "127.0.0.1");
      const upgrade = "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13";
      stream.end(
        `GET ${target} HTTP/1.1\r\nhost: x\r\n${upgrade}\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      );
      expect(await text(stream)).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(logged).not.toContain('"level":"error"');
    },
  );

  it("is refused with a ticket that is used, late, made up or missing", async () => {
    const open = (query: string) => connect(`${realtime.url}/portal${query}`);
    const ticket = await ticketOf();
    await keep(open(`?ticket=${ticket}`));
    await expect(open(`?ticket=${ticket}`)).rejects.toThrow("401");
    const late = await ticketOf();
    hub.ctx.clock.advance(60_001);
    await expect(open(`?ticket=${late}`)).rejects.toThrow("401");
    await expect(open("?ticket=made-up")).rejects.toThrow("401");
    await expect(open("")).rejects.toThrow("401");
  });
});

describe("a malformed frame", () => {
  const malformed: [string, string | Buffer][] = [
    ["no JSON", "{"],
    ["no object", "null"],
    ["an unknown type", '{"type":"chat.delete"}'],
    ["a missing field", '{"type":"chat.send","requestId":"r1"}'],
    ["an empty text", '{"type":"chat.send","requestId":"r1","text":"  "}'],
    ["binary", Buffer.from([0, 1, 2])],
  ];

  it.each(malformed)("from a browser (%s) is answered with an error and 1007", async (_, frame) => {
    const server = await openServer();
    const browser = await openBrowser();
    browser.socket.send(frame);
    expect(await browser.hear("error")).toMatchObject({ code: "invalid_input" });
    expect(await untilClosed(browser)).toBe(1007);
    expect(server.frames).toEqual([]);
  });

  it.each(malformed)("from a server (%s) closes with 1008", async (_, frame) => {
    const server = await openServer();
    server.socket.send(frame);
    expect(await untilClosed(server)).toBe(1008);
  });

  it("that is too large closes with 1009, and one that is just small enough does not", async () => {
    const server = await openServer();
    const browser = await openBrowser();
    const envelope = JSON.stringify({ type: "chat.fact", fact: { type: "chat.delta", runId: "r", text: "" } });
    const fact = (bytes: number) => envelope.replace('"text":""', `"text":"${"x".repeat(bytes - envelope.length)}"`);
    server.say(fact(maxFrameBytes));
    await browser.hear("chat.delta");
    server.say(fact(maxFrameBytes + 1));
    expect(await untilClosed(server)).toBe(1009);
  });
});

describe("a link", () => {
  it("of a browser that floods is held back, and its server hears no more than the limit", async () => {
    const limited = await start({ portalRate: { burst: 3, perSecond: 0.001 } });
    const server = await openServer(tenant, limited);
    const browser = await openBrowser(owner, tenant, limited);
    for (let n = 0; n < 10; n += 1) browser.say({ type: "chat.send", requestId: `r${n}`, text: "spam" });
    for (let n = 0; n < 7; n += 1) expect(await browser.hear("error")).toMatchObject({ code: "rate_limited" });
    for (let n = 0; n < 3; n += 1) await server.hear("chat.send");
    expect(server.frames).toHaveLength(3);
    await limited.stop();
  });

  it("of a server that says much is slowed down and loses nothing", async () => {
    const limited = await start({ tenantRate: { burst: 2, perSecond: 1000 } });
    const server = await openServer(tenant, limited);
    const browser = await openBrowser(owner, tenant, limited);
    for (let n = 0; n < 5; n += 1) {
      server.say({ type: "chat.fact", fact: { type: "chat.accepted", requestId: `r${n}` } });
    }
    for (let n = 0; n < 5; n += 1) expect(await browser.hear("chat.accepted")).toMatchObject({ requestId: `r${n}` });
    await limited.stop();
  });

  it("to a peer that went silent is cut, one that answers stays", async () => {
    const quick = await start({ pingIntervalMs: 50 });
    const alive = await openServer(tenant, quick);
    const other = await hub.world.addTenant(owner);
    const silent = await openServer(other, quick);
    silent.socket.pause(); // reads nothing, so it answers no ping
    const watcher = await openBrowser(owner, other, quick);
    expect(await watcher.hear("agent.link")).toMatchObject({ connected: true });
    expect(await watcher.hear("agent.link")).toMatchObject({ connected: false });
    expect(alive.closed()).toBeNull();
    await quick.stop();
  });

  it("of a browser has to be opened with a new ticket after a while", async () => {
    const short = await start({ portalMaxAgeMs: 30 });
    expect(await untilClosed(await openBrowser(owner, tenant, short))).toBe(4001);
    await short.stop();
  });

  it("to a gateway that stops is closed as such, and everything works again on the next one", async () => {
    const first = await start();
    const server = await openServer(tenant, first);
    await first.stop();
    expect(await untilClosed(server)).toBe(1001);
    await publish();
    const second = await start();
    expect(await (await openServer(tenant, second)).hear("command")).toMatchObject({ command: { seq: 1 } });
    await second.stop();
  });
});
