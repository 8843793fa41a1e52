import { createServer, type IncomingMessage, type Server, type ServerResponse, request as send } from "node:http";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "@berth/platform";
import { type Destination, destinationOf, isPublicAddress, permissionFor } from "./destination.ts";
import { Refusal } from "./refusal.ts";
import { type Dial, openTunnel } from "./tunnel.ts";

export interface ForwardContext {
  /** Null while the agent's configuration is not there: then nothing is allowed. */
  allowHosts: () => string[] | null;
  /** All addresses of a name. */
  resolve: (host: string) => Promise<string[]>;
  dial: Dial;
  log: Logger;
  onRefused: () => void;
}

/** The addresses that may be dialled. The connection goes to one of these, so that no second look-up can differ. */
async function admit(destination: Destination | null, context: ForwardContext): Promise<string[]> {
  const allowHosts = context.allowHosts();
  if (!allowHosts) throw new Refusal(503, "no configuration from the agent");
  if (!destination) throw new Refusal(400, "a destination that cannot be read");
  const permission = permissionFor(destination, allowHosts);
  if (!permission.allowed) throw new Refusal(403, permission.reason);
  const { host } = destination;
  const addresses = isIP(host) ? [host] : await context.resolve(host).catch(() => []);
  if (addresses.length === 0) throw new Refusal(502, "a name that has no address");
  if (!permission.privateToo && !addresses.every(isPublicAddress)) {
    throw new Refusal(403, "a name that leads to a private address");
  }
  return addresses;
}

function noteRefusal(error: unknown, destination: Destination | null, context: ForwardContext): Refusal {
  const refusal = error instanceof Refusal ? error : new Refusal(502, "the destination could not be reached");
  context.onRefused();
  // The host alone: a path or query may carry what must not be written down.
  context.log.warn(
    { host: destination?.host ?? null, port: destination?.port ?? null, reason: refusal.message },
    "refused",
  );
  return refusal;
}

async function connect(request: IncomingMessage, client: Duplex, head: Buffer, context: ForwardContext): Promise<void> {
  const destination = destinationOf(request.url ?? "", 443);
  let established = false;
  client.on("error", () => client.destroy());
  try {
    const addresses = await admit(destination, context);
    // admit() refuses a destination that cannot be read.
    if (!destination) return;
    const establish = () => {
      established = true;
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    };
    await openTunnel({ client, head, destination, addresses, dial: context.dial, establish });
  } catch (error) {
    const { status, message } = noteRefusal(error, destination, context);
    const body = `Refused: ${message}.\n`;
    const headers = `content-type: text/plain\r\ncontent-length: ${body.length}\r\nconnection: close`;
    // After a 200 the client takes all bytes for the tunnel's; there the end of the connection has to do.
    if (established) client.destroy();
    else client.end(`HTTP/1.1 ${status} Refused\r\n${headers}\r\n\r\n${body}`);
  }
}

/** RFC 9110 §7.6.1: these belong to one connection. */
const hopByHop = /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/;

function endToEnd(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  const named = (headers.connection ?? "").toLowerCase().split(/\s*,\s*/);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.test(name) && !named.includes(name)));
}

async function forward(request: IncomingMessage, response: ServerResponse, context: ForwardContext): Promise<void> {
  const url = URL.parse(request.url ?? "");
  const destination = url?.protocol === "http:" ? destinationOf(url.host, 80) : null;
  try {
    const [address] = await admit(destination, context);
    if (!url || !destination || address === undefined) return;
    const createConnection = () => context.dial(address, destination.port);
    await new Promise<void>((resolve, reject) => {
      const headers = { ...endToEnd(request.headers), host: url.host };
      const target = { method: request.method, path: url.pathname + url.search };
      const upstream = send({ ...target, headers, createConnection }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
        answer.pipe(response);
        answer.on("error", () => response.destroy());
        response.on("close", resolve);
      });
      upstream.on("error", reject);
      response.on("close", () => upstream.destroy());
      request.pipe(upstream);
    });
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    const { status, message } = noteRefusal(error, destination, context);
    request.resume();
    response.writeHead(status, { "content-type": "text/plain" }).end(`Refused: ${message}.\n`);
  }
}

/** CONNECT and absolute-form HTTP, for listed destinations only. */
export function createForwardServer(context: ForwardContext): Server {
  const server = createServer((request, response) => {
    forward(request, response, context).catch(() => response.destroy());
  });
  server.on("connect", (request, client, head) => {
    connect(request, client, head, context).catch(() => client.destroy());
  });
  return server;
}
