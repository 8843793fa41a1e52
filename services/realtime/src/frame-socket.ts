import type { WebSocket } from "ws";
import type { z } from "zod";

/** Close codes (RFC 6455 §7.4): 4000 and above are ours. */
export const closeCodes = {
  goingAway: 1001,
  badData: 1007,
  policyViolation: 1008,
  restart: 1012,
  overloaded: 1013,
  replaced: 4000,
  ticketTooOld: 4001,
} as const;

/** Bytes that may wait for a slow reader before it is cut off; a frame that the next one repeats is left out long before. */
const maxWaitingBytes = 4 * 1024 * 1024;
const skippableAboveBytes = 256 * 1024;

export interface FrameSocketOptions<Up> {
  socket: WebSocket;
  schema: z.ZodType<Up>;
  pingIntervalMs: number;
  onFrame(frame: Up): void;
  /** The frame was no JSON, or not one of the schema. */
  onMalformed(): void;
  onClose(code: number): void;
}

export interface FrameSocket {
  /** `skippable`: may be left out for a reader that cannot keep up, because a later frame says the same and more. */
  send(frame: object, options?: { skippable?: boolean }): void;
  close(code: number, reason: string): void;
  /** Stops reading for a while; the peer feels it as a full connection. */
  pauseFor(ms: number): void;
}

/** One WebSocket as a pair of typed frame streams that notices a dead peer and a reader that is too slow. */
export function frameSocket<Up>(options: FrameSocketOptions<Up>): FrameSocket {
  const { socket } = options;
  let alive = true;
  let resume: NodeJS.Timeout | undefined;
  const ping = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, options.pingIntervalMs);
  socket.on("pong", () => {
    alive = true;
  });
  socket.on("message", (data: Buffer, isBinary) => {
    if (socket.readyState !== socket.OPEN) return; // closing: what is still under way does not count any more
    const frame = isBinary ? undefined : parseFrame(options.schema, data);
    if (frame === undefined) options.onMalformed();
    else options.onFrame(frame);
  });
  socket.on("error", () => socket.terminate());
  socket.on("close", (code) => {
    clearInterval(ping);
    clearTimeout(resume);
    options.onClose(code);
  });
  return {
    send: (frame, { skippable = false } = {}) => {
      if (socket.readyState !== socket.OPEN) return;
      if (skippable && socket.bufferedAmount > skippableAboveBytes) return;
      if (socket.bufferedAmount > maxWaitingBytes) return socket.terminate();
      socket.send(JSON.stringify(frame));
    },
    close: (code, reason) => closeSoon(socket, code, reason),
    pauseFor: (ms) => {
      socket.pause();
      clearTimeout(resume);
      resume = setTimeout(() => socket.resume(), ms);
    },
  };
}

/** Undefined for anything that is not a frame of the schema. Fields that we do not know are dropped. */
function parseFrame<Up>(schema: z.ZodType<Up>, data: Buffer): Up | undefined {
  try {
    return schema.safeParse(JSON.parse(data.toString())).data;
  } catch {
    return undefined;
  }
}

const closeTimeoutMs = 2000;

/** A polite close that does not wait for ever for the peer's half. */
function closeSoon(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  const timer = setTimeout(() => socket.terminate(), closeTimeoutMs);
  socket.once("close", () => clearTimeout(timer));
}
