import { createServer, type RequestListener, type Server } from "node:http";
import type { ForwardContext } from "./admit.ts";
import { serveConnect } from "./connect.ts";
import { servePlain, serveUpgrade } from "./plain-http.ts";

/** More than any gateway or agent opens; without a limit one client could use up the proxy's file descriptors. */
const connectionsMax = 1024;

/**
 * CONNECT, absolute-form HTTP and WebSocket upgrades, for listed destinations only. `own` answers what is addressed to this
 * port itself.
 */
export function createForwardServer(context: ForwardContext, own?: RequestListener): Server {
  const server = createServer((request, response) => {
    if (own && request.url?.startsWith("/")) return own(request, response);
    servePlain(request, response, context).catch(() => response.destroy());
  });
  server.maxConnections = connectionsMax;
  server.on("connect", (request, client, head) => {
    serveConnect(request, client, head, context).catch(() => client.destroy());
  });
  server.on("upgrade", (request, client, head) => {
    serveUpgrade(request, client, head, context).catch(() => client.destroy());
  });
  return server;
}
