import { untilTrue } from "@berth/platform";
import WebSocket from "ws";

/** The other end of a link, as a test holds it. */
export interface Peer {
  socket: WebSocket;
  frames: Record<string, unknown>[];
  /** Close code; null while open. */
  closed(): number | null;
  say(frame: unknown): void;
  /** The next frame of this type that was not asked for yet. */
  hear(type: string): Promise<Record<string, unknown>>;
  leave(): void;
}

const timeoutMs = 5000;

/** Connects, or throws with the status that the handshake was refused with. */
export async function connect(url: string, headers: Record<string, string> = {}): Promise<Peer> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false });
  const frames: Record<string, unknown>[] = [];
  const heard = new Set<unknown>();
  let code: number | null = null;
  socket.on("message", (data: Buffer) => frames.push(JSON.parse(data.toString())));
  socket.on("close", (closeCode) => {
    code = closeCode;
  });
  const opened = Promise.withResolvers<void>();
  socket.on("open", () => opened.resolve());
  socket.on("unexpected-response", (_, response) => {
    opened.reject(new Error(`refused with ${response.statusCode}`));
    response.resume();
    socket.terminate();
  });
  socket.on("error", (error) => opened.reject(error));
  await opened.promise;
  return {
    socket,
    frames,
    closed: () => code,
    say: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    hear: async (type) => {
      const find = () => frames.find((frame) => frame.type === type && !heard.has(frame));
      const found = await untilTrue(find, { timeoutMs, intervalMs: 5, what: `a frame ${type}` });
      heard.add(found);
      return found;
    },
    leave: () => socket.close(),
  };
}

export const untilClosed = (peer: Peer): Promise<number> =>
  untilTrue(() => peer.closed(), { timeoutMs, intervalMs: 5, what: "the close" });
