import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import type { Server } from "node:http";
import type { Socket } from "node:net";

/** Opens a port of 127.0.0.1 (0: a free one) or a unix socket, which the folder's group may use. Gives the address. */
export async function listen(server: Server, where: number | string): Promise<string> {
  if (typeof where === "string") {
    await rm(where, { force: true });
    server.listen(where);
  } else server.listen(where, "127.0.0.1");
  await once(server, "listening");
  // The agent's group owns the folder and is inherited; nobody else may speak here.
  if (typeof where === "string") await chmod(where, 0o660);
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "string" ? 0 : (address?.port ?? 0)}`;
}

/** Ends a server with all its connections, tunnels included, which the HTTP server no longer counts as its own. */
export function closerOf(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return async () => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
}
