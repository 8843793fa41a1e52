import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Admitted, admit, type ForwardContext, noteRefusal } from "./admit.ts";
import { answerRaw } from "./connect.ts";
import { Refusal } from "./refusal.ts";
import { dialFirst, join } from "./tunnel.ts";

const httpPort = 80;
const tlsPort = 443;

/** RFC 9110 §7.6.1: these belong to one connection. */
const hopByHop = /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/;

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? "").toLowerCase().split(/\s*,\s*/);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.test(name) && !named.includes(name)));
}

/** `host[:port]` of an absolute `http:` address, or what was asked instead. */
const askedFor = (url: URL | null, request: IncomingMessage): string =>
  url?.protocol === "http:" ? url.host : (request.url ?? "");

/** Opens the request at the destination. Throws `Refusal` unless it is one in absolute form (RFC 9112 §3.2.2) to a listed host. */
async function openRequest(
  request: IncomingMessage,
  context: ForwardContext,
  more: IncomingHttpHeaders,
): Promise<ClientRequest> {
  const url = URL.parse(request.url ?? "");
  if (url?.protocol !== "http:" || url.username !== "" || url.password !== "") throw new Refusal("unreadable");
  const admitted: Admitted = await admit(url.host, httpPort, context);
  const { destination, addresses } = admitted;
  // What is not TLS on TLS's port would pass by the check of the greeting.
  if (destination.port === tlsPort) throw new Refusal("no_greeting");
  const socket: Socket = await dialFirst(context.dial, addresses, destination.port);
  const headers = { ...endToEnd(request.headers), host: url.host, ...more };
  return send({
    method: request.method,
    path: url.pathname + url.search,
    headers,
    createConnection: () => socket,
  });
}

/** A request in absolute form, passed on without the hop's own headers. */
export async function servePlain(
  request: IncomingMessage,
  response: ServerResponse,
  context: ForwardContext,
): Promise<void> {
  try {
    const upstream = await openRequest(request, context, {});
    response.on("close", () => upstream.destroy());
    await new Promise<void>((resolve, reject) => {
      upstream.on("response", (answer) => {
        response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
        answer.pipe(response);
        answer.on("error", () => response.destroy());
        response.on("close", resolve);
      });
      upstream.on("error", reject);
      request.pipe(upstream);
    });
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    const asked = askedFor(URL.parse(request.url ?? ""), request);
    const { status, message } = noteRefusal(error, asked, httpPort, context);
    request.resume();
    response.writeHead(status, { "content-type": "text/plain" }).end(`Refused: ${message}.\n`);
  }
}

/** Status line and headers as they came, names and order included. */
function headOf(answer: IncomingMessage): string {
  const lines = answer.rawHeaders.flatMap((name, at, all) => (at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : []));
  return [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`, ...lines, "", ""].join("\r\n");
}

/** `Upgrade: websocket` in absolute form (RFC 6455 §4.1 over plain HTTP): after the 101 the two are joined like a tunnel. */
export async function serveUpgrade(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  context: ForwardContext,
): Promise<void> {
  client.on("error", () => client.destroy());
  try {
    if (request.headers.upgrade?.toLowerCase() !== "websocket") throw new Refusal("method");
    const upstream = await openRequest(request, context, { connection: "Upgrade", upgrade: "websocket" });
    client.on("close", () => upstream.destroy());
    await new Promise<void>((resolve, reject) => {
      upstream.on("upgrade", (answer, socket, first: Buffer) => {
        client.write(headOf(answer));
        client.write(first);
        if (head.length > 0) socket.write(head);
        join(client, socket);
        resolve();
      });
      upstream.on("response", (answer) => {
        client.write(`${headOf(answer).trimEnd()}\r\nconnection: close\r\n\r\n`);
        answer.pipe(client);
        answer.on("close", resolve);
      });
      upstream.on("error", reject);
      upstream.end();
    });
  } catch (error) {
    answerRaw(client, noteRefusal(error, askedFor(URL.parse(request.url ?? ""), request), httpPort, context));
  }
}
