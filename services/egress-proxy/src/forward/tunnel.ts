import { once } from "node:events";
import { isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { readClientHello } from "./client-hello.ts";
import type { Destination } from "./destination.ts";
import { Refusal } from "./refusal.ts";

/** Opens a connection to an address that was found permitted. */
export type Dial = (address: string, port: number) => Socket;

const helloBytesMax = 64 * 1024;
const helloTimeoutMs = 10_000;
const dialTimeoutMs = 10_000;

/** Throws unless the greeting is for `host`; false while it is not complete. */
function isGreetingFor(bytes: Buffer, host: string): boolean {
  const hello = readClientHello(bytes);
  if (hello.state === "invalid" || bytes.length > helloBytesMax) throw new Refusal(403, "no TLS greeting on port 443");
  if (hello.state === "incomplete") return false;
  // For an address there is no name to send (RFC 6066 §3); for a name it must be the one that was asked for.
  if (hello.serverName === (isIP(host) ? null : host)) return true;
  throw new Refusal(403, "the TLS greeting names another server");
}

/** Everything that the client sends up to the end of its TLS greeting; the client is paused after it. */
function readGreeting(client: Duplex, head: Buffer, host: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes = head;
    const timer = setTimeout(() => finish(new Refusal(403, "no TLS greeting in time")), helloTimeoutMs);
    const finish = (error?: unknown) => {
      clearTimeout(timer);
      client.off("data", take);
      client.off("close", gone);
      client.pause();
      if (error) reject(error);
      else resolve(bytes);
    };
    const gone = () => finish(new Refusal(403, "the client left before its TLS greeting"));
    const take = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      try {
        if (isGreetingFor(bytes, host)) finish();
      } catch (error) {
        finish(error);
      }
    };
    client.on("data", take);
    client.on("close", gone);
    if (bytes.length > 0) take(Buffer.alloc(0));
  });
}

async function dialFirst(dial: Dial, addresses: string[], port: number): Promise<Socket> {
  let last: unknown;
  for (const host of addresses) {
    const socket = dial(host, port);
    try {
      await once(socket, "connect", { signal: AbortSignal.timeout(dialTimeoutMs) });
      return socket;
    } catch (error) {
      socket.destroy();
      last = error;
    }
  }
  throw last;
}

function join(client: Duplex, upstream: Socket): void {
  const end = () => {
    client.destroy();
    upstream.destroy();
  };
  upstream.on("error", end);
  client.on("error", end);
  client.on("close", end);
  upstream.on("close", end);
  client.pipe(upstream);
  upstream.pipe(client);
}

/**
 * Calls `establish` when the client may speak, and joins client and destination. On port 443 the client has to greet first, with a TLS hello that names
 * the host of the CONNECT line: otherwise a permitted front would hide another destination behind it.
 */
export async function openTunnel(options: {
  client: Duplex;
  head: Buffer;
  destination: Destination;
  addresses: string[];
  dial: Dial;
  establish: () => void;
}): Promise<void> {
  const { client, head, destination, addresses, dial, establish } = options;
  const guarded = destination.port === 443;
  const upstreamNow = guarded ? null : await dialFirst(dial, addresses, destination.port);
  establish();
  const greeting = guarded ? await readGreeting(client, head, destination.host) : head;
  const upstream = upstreamNow ?? (await dialFirst(dial, addresses, destination.port));
  upstream.write(greeting);
  join(client, upstream);
}
