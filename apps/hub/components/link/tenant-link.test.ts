import type { PortalDownFrame } from "@berth/contracts";
import { expect, test, vi } from "vitest";
import { backoffMs, type LinkState, type Socket, TenantLink } from "./tenant-link.ts";

/** Stands for the browser's WebSocket: what would happen on the network is said by the test. */
class FakeSocket implements Socket {
  readonly url: string;
  readyState = 0;
  readonly sent: string[] = [];
  readonly #listeners: { type: string; listener: (event: { data: unknown }) => void }[] = [];
  constructor(url: string) {
    this.url = url;
  }
  addEventListener(type: string, listener: (event: { data: unknown }) => void): void {
    this.#listeners.push({ type, listener });
  }
  send(data: string): void {
    this.sent.push(data);
  }
  close(): void {
    this.drop();
  }
  open(): void {
    this.readyState = 1;
    this.#raise("open");
  }
  drop(): void {
    this.readyState = 3;
    this.#raise("close");
  }
  say(data: string): void {
    this.#raise("message", data);
  }
  #raise(type: string, data: unknown = null): void {
    for (const known of this.#listeners) if (known.type === type) known.listener({ data });
  }
}

function setUp() {
  const sockets: FakeSocket[] = [];
  const states: LinkState[] = [];
  const frames: PortalDownFrame[] = [];
  const problems: unknown[] = [];
  const waits: { ms: number; call: () => void }[] = [];
  let tickets = 0;
  const refusals: unknown[] = [];
  const link = new TenantLink({
    getTicket: async () => {
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      tickets += 1;
      return { url: `ws://realtime.test/portal?ticket=${tickets}` };
    },
    openSocket: (url) => {
      const socket = new FakeSocket(url);
      sockets.push(socket);
      return socket;
    },
    onState: (state) => states.push(state),
    onFrame: (frame) => frames.push(frame),
    onProblem: (thrown) => problems.push(thrown),
    random: () => 1,
    after: (ms, call) => {
      const wait = { ms, call };
      waits.push(wait);
      return () => waits.splice(waits.indexOf(wait), 1);
    },
  });
  const socket = (index: number) => vi.waitFor(() => sockets[index] ?? expect.fail("no socket yet"));
  return { link, sockets, states, frames, problems, waits, refusals, socket };
}

test("each attempt takes a new ticket, and waits longer than the one before until it works", async () => {
  const { link, states, waits, socket } = setUp();
  link.start();
  (await socket(0)).drop();
  expect(waits.map((wait) => wait.ms)).toEqual([500]);
  waits.pop()?.call();
  (await socket(1)).drop();
  expect(waits.map((wait) => wait.ms)).toEqual([1000]);
  waits.pop()?.call();
  (await socket(2)).open();
  (await socket(2)).drop();
  expect(waits.map((wait) => wait.ms)).toEqual([500]);
  expect((await socket(2)).url).toContain("ticket=3");
  expect(states).toEqual(["connecting", "reconnecting", "reconnecting", "connected", "reconnecting"]);
});

test("a refused ticket is told and tried again", async () => {
  const { link, problems, waits, refusals, socket } = setUp();
  refusals.push(new Error("no"));
  link.start();
  await vi.waitFor(() => expect(waits).toHaveLength(1));
  expect(problems).toHaveLength(1);
  waits.pop()?.call();
  await socket(0);
});

test("unknown or broken frames are left out, known ones are heard", async () => {
  const { link, frames, socket } = setUp();
  link.start();
  const line = await socket(0);
  line.open();
  line.say("{");
  line.say('{"type":"future"}');
  line.say('{"type":"agent.link","connected":true}');
  expect(frames).toEqual([{ type: "agent.link", connected: true }]);
});

test("nothing is sent without a line, and the caller knows", async () => {
  const { link, socket } = setUp();
  link.start();
  const line = await socket(0);
  const frame = { type: "chat.send" as const, requestId: "r1", text: "hello" };
  expect(link.send(frame)).toBe(false);
  line.open();
  expect(link.send(frame)).toBe(true);
  expect(line.sent).toEqual([JSON.stringify(frame)]);
});

test("after stop nothing is tried again", async () => {
  const { link, states, waits, socket } = setUp();
  link.start();
  (await socket(0)).open();
  link.stop();
  expect(waits).toEqual([]);
  expect(states.at(-1)).toBe("connected");
});

test("the wait never passes 20 seconds", () => {
  expect(backoffMs(500, () => 1)).toBe(20_000);
  expect(backoffMs(0, () => 0)).toBe(250);
});
