import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { connect, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createLogger, untilTrue } from "@berth/platform";
import { createRedactor } from "@berth/redaction";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type WebSocket, WebSocketServer, WebSocket as WsClient } from "ws";
import { handMadeHello, inRecords, serverNames } from "../testing/client-hello-bytes.ts";
import {
  connectThrough,
  type ForwardUnderTest,
  getThrough,
  portOf,
  startForwardUnderTest,
} from "../testing/forward-under-test.ts";
import type { ForwardContext } from "./admit.ts";
import { createAllowList } from "./allow-list.ts";
import { createForwardServer } from "./forward-server.ts";
import { createHostTeller } from "./told-host.ts";

const patience = { timeoutMs: 10_000, intervalMs: 5 };
const cleanUps: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function listening<T extends Server>(server: T): Promise<T> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUps.push(() => server.close());
  return server;
}

/** A door alone, with the ends of its connections in the hand: `accepted` towards the client, `opened` towards the outside. */
async function startDoor(target: Server) {
  const [accepted, opened]: [Socket[], Socket[]] = [[], []];
  const redactor = createRedactor([]);
  const allow = createAllowList([`127.0.0.1:${portOf(target)}`]);
  const context: ForwardContext = {
    client: "gateway",
    policy: () => ({ allow, redactor, teller: createHostTeller([], redactor) }),
    resolve: async () => [],
    dial: (host, port) => {
      const socket = connect({ host, port, allowHalfOpen: true });
      opened.push(socket);
      return socket;
    },
    log: createLogger({ service: "test", level: "silent" }),
    onRefused: () => {},
  };
  const server = createForwardServer(context);
  server.on("connection", (socket) => accepted.push(socket));
  await listening(server);
  const url = `http://127.0.0.1:${portOf(server)}`;
  return { server, url, accepted, opened, authority: `127.0.0.1:${portOf(target)}` };
}

/** What the outside sees of each connection. */
async function startOutside(onSocket: (socket: Socket) => void) {
  return listening(
    createTcpServer({ allowHalfOpen: true }, (socket) => {
      socket.on("error", () => {});
      onSocket(socket);
    }),
  );
}

const hourMs = 3_600_000;

describe("a tunnel", () => {
  it("has no idle time: not after a day, and not by a timer of the server, which does end other idle connections", async () => {
    const outside = await startOutside((socket) => socket.on("data", (chunk) => socket.write(chunk)));
    const door = await startDoor(outside);
    // Short enough to see them act on a connection that is no tunnel.
    Object.assign(door.server, { keepAliveTimeout: 100, headersTimeout: 300, requestTimeout: 300 });
    vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "setImmediate"] });
    const { socket } = await connectThrough(door.url, door.authority);
    socket.write("before");
    expect(String((await once(socket, "data"))[0])).toBe("before");
    // Every timer of ours goes off; Node's own per-socket timers are looked at below.
    await vi.advanceTimersByTimeAsync(24 * hourMs);
    vi.useRealTimers();
    const plain = connect({ host: "127.0.0.1", port: portOf(door.server) });
    plain.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    plain.resume();
    await once(plain, "close");
    for (const end of [door.accepted[0], door.opened[0]]) expect(end?.timeout ?? 0).toBe(0);
    socket.write("after");
    expect(String((await once(socket, "data"))[0])).toBe("after");
    socket.destroy();
  });

  it("ends each direction by itself: a client that has said all still hears the rest", async () => {
    let heard = "";
    const outside = await startOutside((socket) => {
      socket.on("data", (chunk) => {
        heard += chunk;
      });
      socket.on("end", () => socket.end(`heard ${heard}`));
    });
    const door = await startDoor(outside);
    const call = request(door.url, { method: "CONNECT", path: door.authority });
    call.end();
    const [, socket] = await once(call, "connect");
    // Without this Node would end the client's own reading side too.
    Object.assign(socket, { allowHalfOpen: true });
    socket.end("all");
    expect((await socket.toArray()).join("")).toBe("heard all");
    await untilTrue(() => door.opened.every((end) => end.closed) && door.accepted.every((end) => end.closed), patience);
  });

  it("and the other way round: the outside ends, the client goes on speaking", async () => {
    let heard = "";
    const outside = await startOutside((socket) => {
      socket.end("bye");
      socket.on("data", (chunk) => {
        heard += chunk;
      });
    });
    const door = await startDoor(outside);
    const call = request(door.url, { method: "CONNECT", path: door.authority });
    call.end();
    const [, socket, head] = await once(call, "connect");
    Object.assign(socket, { allowHalfOpen: true });
    socket.on("data", () => {});
    if (head.length === 0) await once(socket, "end");
    socket.write("still here");
    await untilTrue(() => heard === "still here", patience);
    socket.end();
    await untilTrue(() => door.opened.every((end) => end.closed), patience);
  });

  it("holds the sender back when the other side does not read, and loses nothing", async () => {
    const size = 32 * 1024 * 1024;
    const data = randomBytes(size);
    let reader: Socket | undefined;
    const outside = await startOutside((socket) => {
      reader = socket.pause();
    });
    const door = await startDoor(outside);
    const { socket } = await connectThrough(door.url, door.authority);
    socket.end(data);
    const waiting = () => (door.opened[0]?.writableLength ?? 0) + (door.accepted[0]?.readableLength ?? 0);
    // Full when three looks in a row find the same.
    let [looks, last] = [0, -1];
    await untilTrue(() => {
      looks = socket.bytesWritten === last ? looks + 1 : 0;
      last = socket.bytesWritten;
      return looks > 20 && reader !== undefined;
    }, patience);
    expect(waiting()).toBeLessThan(1024 * 1024);
    expect(socket.writableLength).toBeGreaterThan(0);
    const chunks: Buffer[] = await reader!.toArray();
    expect(Buffer.concat(chunks).equals(data)).toBe(true);
  });

  it("ends whole when one side breaks", async () => {
    let other: Socket | undefined;
    const outside = await startOutside((socket) => {
      other = socket;
    });
    const door = await startDoor(outside);
    const { socket } = await connectThrough(door.url, door.authority);
    socket.on("error", () => {});
    await untilTrue(() => other !== undefined, patience);
    other!.resetAndDestroy();
    await once(socket, "close");
    await untilTrue(() => door.accepted.every((end) => end.closed), patience);
  });
});

describe("a WebSocket through a tunnel", () => {
  it("passes small, large and binary messages both ways, pings, and a clean end", async () => {
    const web = await listening(createServer());
    const sockets = new WebSocketServer({ server: web, maxPayload: 64 * 1024 * 1024 });
    sockets.on("connection", (socket: WebSocket) => {
      socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
    const door = await startDoor(web);
    const { socket } = await connectThrough(door.url, door.authority);
    const client = new WsClient(`ws://${door.authority}/chat`, { createConnection: () => socket });
    await once(client, "open");
    const large = randomBytes(16 * 1024 * 1024);
    for (const message of [Buffer.from("hello"), large]) {
      client.send(message);
      const [data] = await once(client, "message");
      expect(Buffer.compare(data, message)).toBe(0);
    }
    client.ping("there?");
    expect(String((await once(client, "pong"))[0])).toBe("there?");
    client.close(1000, "done");
    expect((await once(client, "close"))[0]).toBe(1000);
    sockets.close();
  });
});

describe("a TLS greeting on its way", () => {
  let proxy: ForwardUnderTest;
  beforeEach(async () => {
    proxy = await startForwardUnderTest();
    cleanUps.push(() => void proxy.close());
  });
  const hello = handMadeHello([[0, serverNames("api.example.com")]]);

  it.each([
    ["in records of ten bytes", inRecords(hello, 10)],
    ["in one record", hello],
  ])("%s and packets of one byte is passed on as it came", async (_what, bytes) => {
    const { socket } = await connectThrough(proxy.forwardUrl, "api.example.com:443");
    socket.setNoDelay(true);
    for (const byte of bytes) {
      socket.write(Buffer.from([byte]));
      await new Promise((next) => setImmediate(next));
    }
    await untilTrue(() => proxy.received().length >= bytes.length, patience);
    expect(proxy.received().equals(bytes)).toBe(true);
    socket.destroy();
  });

  it.each([
    [
      "that hides its server",
      [
        [0, serverNames("api.example.com")],
        [0xfe0d, Buffer.from([0])],
      ],
      "hidden_server",
    ],
    ["without a name", [], "other_server"],
    ["for two servers", [[0, serverNames("api.example.com", "evil.example")]], "no_greeting"],
    ["that never ends", null, "no_greeting"],
  ] as [string, [number, Buffer][] | null, string][])("%s opens nothing", async (_what, extensions, reason) => {
    const { socket } = await connectThrough(proxy.forwardUrl, "api.example.com:443");
    socket.on("error", () => {});
    // A handshake that says it has 65,535 bytes, in more of them than a greeting may have.
    const endless = Buffer.concat(Array.from({ length: 40 }, () => inRecords(Buffer.alloc(505, 1), 500)));
    socket.write(extensions ? handMadeHello(extensions) : endless);
    await once(socket, "close");
    expect(proxy.dialled).toEqual([]);
    expect((await proxy.egress()).recent).toMatchObject([{ reason }]);
  });

  it("is not asked for on another port", async () => {
    expect((await getThrough(proxy.forwardUrl, "http://plain.example.com/")).status).toBe(200);
  });
});
