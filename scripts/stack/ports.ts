import net from "node:net";
import { fail } from "@berth/platform";

/** Every port that a stack listens on, all on 127.0.0.1. */
export const portNames = ["website", "hub", "realtime", "stripe", "mail", "smtp", "llm", "postgres"] as const;
export type Ports = Record<(typeof portNames)[number], number>;

export const portsFrom = (base: number): Ports =>
  Object.fromEntries(portNames.map((name, index) => [name, base + index])) as Ports; // portNames lists every key of Ports

const listen = (port: number): Promise<net.Server> =>
  new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
const close = (server: net.Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** Ports that the operating system says are free, held all at once so that none is given twice. */
export async function freePorts(): Promise<Ports> {
  const servers = await Promise.all(portNames.map(() => listen(0)));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port); // a TCP server has such an address
  await Promise.all(servers.map(close));
  return Object.fromEntries(portNames.map((name, index) => [name, ports[index]])) as Ports;
}

/** Throws `conflict` with the way out if somebody else listens on one of them. */
export async function requireFree(ports: Ports): Promise<void> {
  for (const [name, port] of Object.entries(ports)) {
    const server = await listen(port).catch((cause: NodeJS.ErrnoException) =>
      fail(
        "conflict",
        `Port ${port} (${name}) is ${cause.code === "EACCES" ? "not allowed to this user" : "taken"}. End what listens there (ss -ltnp 'sport = :${port}'), or choose others: npm start -- --port-base 4000`,
        { cause },
      ),
    );
    await close(server);
  }
}
