import { once } from "node:events";
import { isIP, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { readClientHello } from "./client-hello.ts";
import type { Destination } from "./destination.ts";
import { Refusal } from "./refusal.ts";

/** Opens a connection to an address that was found permitted; its two directions end one by one (`allowHalfOpen`). */
export type Dial = (address: string, port: number) => Socket;

const helloBytesMax = 16 * 1024;
const helloTimeoutMs = 10_000;
const dialTimeoutMs = 10_000;
/** The kernel asks an idle other side whether it is there. Nothing else ever ends an idle tunnel. */
const keepAliveMs = 60_000;

/** Throws unless the greeting is for `host`; false while it is not complete. */
function isGreetingFor(bytes: Buffer, host: string): boolean {
  const hello = readClientHello(bytes);
  if (hello.state === "invalid" || bytes.length > helloBytesMax) throw new Refusal("no_greeting");
  if (hello.state === "incomplete") return false;
  if (hello.hidesName) throw new Refusal("hidden_server");
  // For an address there is no name to send (RFC 6066 §3); for a name it must be the one that was asked for.
  if (hello.serverName === (isIP(host) ? null : host)) return true;
  throw new Refusal("other_server");
}

/** Everything that the client sends up to the end of its TLS greeting; the client is paused after it. */
function readGreeting(client: Duplex, head: Buffer, host: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes = head;
    const timer = setTimeout(() => finish(new Refusal("no_greeting")), helloTimeoutMs);
    const finish = (error?: unknown) => {
      clearTimeout(timer);
      client.off("data", take);
      client.off("end", gone);
      client.off("close", gone);
      client.pause();
      if (error) reject(error);
      else resolve(bytes);
    };
    const gone = () => finish(new Refusal("abandoned"));
    const take = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      try {
        if (isGreetingFor(bytes, host)) finish();
      } catch (error) {
        finish(error);
      }
    };
    client.on("data", take);
    client.on("end", gone);
    client.on("close", gone);
    if (bytes.length > 0) take(Buffer.alloc(0));
  });
}

/** The first of these addresses that answers. Throws `Refusal` if none does. */
export async function dialFirst(dial: Dial, addresses: string[], port: number): Promise<Socket> {
  for (const address of addresses) {
    const socket = dial(address, port);
    try {
      await once(socket, "connect", { signal: AbortSignal.timeout(dialTimeoutMs) });
      return socket;
    } catch {
      socket.destroy();
    }
  }
  throw new Refusal("unreachable");
}

/** Passes bytes both ways, at the pace of the slower side, until both have ended or one breaks. There is no idle time. */
export function join(client: Duplex, upstream: Duplex): void {
  const end = () => {
    client.destroy();
    upstream.destroy();
  };
  for (const side of [client, upstream]) {
    side.on("error", end);
    side.on("close", end);
    // A server's sockets are plain TCP here; `Duplex` is only what the event's type says.
    if (side instanceof Socket) side.setKeepAlive(true, keepAliveMs).setNoDelay(true).setTimeout(0);
  }
  client.pipe(upstream);
  upstream.pipe(client);
}

/**
 * Calls `establish` when the client may speak, and joins client and destination. On port 443 the client has to greet first,
 * with a TLS hello that names the host of the CONNECT line: otherwise a permitted front would hide another destination
 * behind it. Until then nothing is dialled.
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
