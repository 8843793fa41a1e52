import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { maxFrameBytes } from "@berth/contracts";
import { type CtxWith, type HubNotification, subscribe } from "@berth/core";
import { WebSocketServer } from "ws";
import { closeCodes } from "./frame-socket.ts";
import { SeenOnce } from "./seen-once.ts";
import { defaultSettings, type LinkSettings } from "./settings.ts";
import { Switchboard } from "./switchboard.ts";
import { upgrade } from "./upgrade.ts";

/** Twice the age that a signed request may have, for its clock may be off either way. */
const rememberSignaturesMs = 10 * 60_000;

export interface StartRealtimeInput {
  host: string;
  /** 0 takes a free one. */
  port: number;
  databaseUrl: string;
  ctx: CtxWith;
  settings?: Partial<LinkSettings>;
}

export interface Realtime {
  /** `ws://host:port` */
  url: string;
  stop(): Promise<void>;
}

/** Starts the WebSocket gateway. All it knows is in the database or comes back when a link reconnects. */
export async function startRealtime(input: StartRealtimeInput): Promise<Realtime> {
  const { ctx } = input;
  const switchboard = new Switchboard();
  const settings = { ...defaultSettings, ...input.settings };
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes, perMessageDeflate: false });
  const signatures = new SeenOnce(rememberSignaturesMs, ctx.clock);
  const server = createServer((request, response) => {
    const known = request.url === "/healthz";
    response.writeHead(known ? 200 : 404, { "content-type": "text/plain" }).end(known ? "ok\n" : "not found\n");
  });
  server.on("upgrade", (request, stream, head) => {
    void upgrade({ webSockets, ctx, switchboard, settings, signatures }, request, stream, head);
  });
  const subscription = subscribe({
    databaseUrl: input.databaseUrl,
    log: ctx.log,
    onNotification: (notification) => route(switchboard, notification),
    onResumed: () => {
      // What was said meanwhile is lost. Servers get what waits; a browser that reconnects reads everything again.
      switchboard.pushAllCommands();
      switchboard.closePortals(closeCodes.restart, "read again");
    },
  });
  await subscription.ready;
  const url = await listen(server, input);
  return { url, stop: () => stopAll(server, webSockets, () => subscription.stop()) };
}

function route(switchboard: Switchboard, notification: HubNotification): void {
  if (notification.type === "command") switchboard.commandWaits(notification.tenantId);
  else switchboard.hubEvent(notification);
}

async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, host, resolve);
  await promise;
  const address = server.address() as AddressInfo; // a TCP server that listens has one
  return `ws://${host}:${address.port}`;
}

async function stopAll(server: Server, webSockets: WebSocketServer, unsubscribe: () => Promise<void>): Promise<void> {
  for (const socket of webSockets.clients) socket.close(closeCodes.goingAway, "stopping");
  await unsubscribe();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  const cut = setTimeout(() => {
    for (const socket of webSockets.clients) socket.terminate();
    server.closeAllConnections();
  }, 500);
  await promise.finally(() => clearTimeout(cut));
}
