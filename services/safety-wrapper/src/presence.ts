import { connect, type Socket } from "node:net";

export interface Presence {
  stop(): void;
}

const silenceMs = 20_000;
const retryMs = 250;

/**
 * Holds `GET /berth/presence` on the proxy open for as long as this plugin lives. While it is closed the proxy serves no
 * LLM request, so that a gateway without a working wrapper is a gateway without a model. A plain socket, because
 * OpenClaw sends the usual HTTP clients of its process through the forward proxy.
 */
export function holdPresence(proxyUrl: string): Presence {
  const { hostname, port } = new URL(proxyUrl);
  let stopped = false;
  let socket: Socket | undefined;
  let retry: NodeJS.Timeout | undefined;
  const open = () => {
    if (stopped) return;
    socket = connect({ host: hostname, port: Number(port) });
    socket.setTimeout(silenceMs, () => socket?.destroy());
    socket.on("connect", () => socket?.write(`GET /berth/presence HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`));
    socket.on("data", () => {});
    socket.on("error", () => {});
    socket.on("end", () => socket?.destroy());
    socket.on("close", () => {
      if (!stopped) retry = setTimeout(open, retryMs).unref();
    });
    socket.unref();
  };
  open();
  return {
    stop() {
      stopped = true;
      clearTimeout(retry);
      socket?.destroy();
    },
  };
}
