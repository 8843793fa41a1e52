import { connect, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { labAddresses, labOf } from "../lab-paths.ts";
import { listenInLab } from "./lab-sockets.ts";

export interface LabHandle {
  /** Stops listening and cuts what is connected. */
  close(): Promise<void>;
}

/**
 * Lets servers of the lab reach a port of this machine's loopback: 203.0.113.10:`port` in the fake internet leads to
 * 127.0.0.1:`target`. Lives as long as this process or until `close()`. The lab must be up; throws `unavailable` otherwise.
 */
export async function exposeToServers(options: { labDir: string; port: number; target: number }): Promise<LabHandle> {
  const lab = labOf(options.labDir);
  const server = await listenInLab({
    namespace: lab.internetNamespace,
    address: labAddresses.hub,
    port: options.port,
  });
  const open = new Set<Socket>();
  server.on("connection", (inside: Socket) => {
    const outside = connect({ host: "127.0.0.1", port: options.target, allowHalfOpen: true });
    for (const socket of [inside, outside]) {
      open.add(socket);
      socket.once("close", () => open.delete(socket));
    }
    // One error on either side ends both; that a peer went away is nobody's fault.
    pipeline(inside, outside, inside, () => {
      inside.destroy();
      outside.destroy();
    });
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
