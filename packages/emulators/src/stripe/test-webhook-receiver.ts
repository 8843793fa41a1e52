import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readBody } from "@berth/platform";

export interface ReceivedWebhook {
  body: Buffer;
  signature: string;
  type: string;
  eventId: string;
}

/** An endpoint for tests that keeps what arrives; `answer` decides the status of each delivery. */
export async function startWebhookReceiver(answer: (received: ReceivedWebhook, count: number) => number = () => 200) {
  const received: ReceivedWebhook[] = [];
  const arrivals = new EventEmitter();
  const server = createServer(async (request, response) => {
    const body = await readBody(request, 1024 * 1024);
    const event = JSON.parse(body.toString("utf8"));
    const one = { body, signature: String(request.headers["stripe-signature"]), type: event.type, eventId: event.id };
    received.push(one);
    response.writeHead(answer(one, received.length)).end();
    arrivals.emit("arrived");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    // A server that listens on a TCP port has an AddressInfo.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    /** Resolves as soon as what has arrived satisfies the condition; rejects after 5 s. */
    async until(condition: (all: readonly ReceivedWebhook[]) => boolean): Promise<void> {
      const signal = AbortSignal.timeout(5000);
      while (!condition(received)) await once(arrivals, "arrived", { signal });
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
    },
  };
}
