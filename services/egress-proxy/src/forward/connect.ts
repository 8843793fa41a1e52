import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { admit, type ForwardContext, noteRefusal } from "./admit.ts";
import type { Refusal } from "./refusal.ts";
import { openTunnel } from "./tunnel.ts";

const tlsPort = 443;

/** A whole answer on a connection that no longer is HTTP's. */
export function answerRaw(client: Duplex, { status, message }: Refusal): void {
  const body = `Refused: ${message}.\n`;
  const headers = `content-type: text/plain\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
  client.end(`HTTP/1.1 ${status} Refused\r\n${headers}\r\n\r\n${body}`);
}

/** `CONNECT host:port`: a tunnel to a listed host, whose bytes are passed on as they are. */
export async function serveConnect(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  context: ForwardContext,
): Promise<void> {
  const asked = request.url ?? "";
  let established = false;
  client.on("error", () => client.destroy());
  const establish = () => {
    established = true;
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
  };
  try {
    const { destination, addresses } = await admit(asked, tlsPort, context);
    await openTunnel({ client, head, destination, addresses, dial: context.dial, establish });
  } catch (error) {
    const refusal = noteRefusal(error, asked, tlsPort, context);
    // After a 200 the client takes all bytes for the tunnel's; there the end of the connection has to do.
    if (established) client.destroy();
    else answerRaw(client, refusal);
  }
}
