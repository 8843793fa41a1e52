import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A provider that does what a test says, for what the emulator never does; it counts every byte that reaches it. */
export interface OddProvider {
  url: string;
  apiKey: string;
  /** Every provider is this one. */
  upstreams: Record<"anthropic" | "openai" | "google", { baseUrl: string; apiKey: string }>;
  /** What it does from now on, once a request is in. */
  answer(how: (response: ServerResponse) => unknown): void;
  paths(): string[];
  bodies(): string[];
  /** Bytes on all its connections, heads included. */
  bytesReceived(): number;
  connections(): number;
  close(): Promise<void>;
}

export async function startOddProvider(): Promise<OddProvider> {
  const apiKey = "key-of-the-odd-provider";
  const paths: string[] = [];
  const bodies: string[] = [];
  let answer: (response: ServerResponse) => unknown = (response) => response.writeHead(200).end("{}");
  let bytes = 0;
  let connections = 0;
  const counters = new Set<() => void>();
  const server = createServer(async (request, response) => {
    paths.push(request.url ?? "");
    const chunks: Buffer[] = await request.toArray().catch(() => []);
    bodies.push(Buffer.concat(chunks).toString("utf8"));
    answer(response);
  });
  server.on("connection", (socket) => {
    connections += 1;
    // The parser reads past the stream, so its bytes are asked for instead of listened to.
    let counted = 0;
    const count = () => {
      bytes += socket.bytesRead - counted;
      counted = socket.bytesRead;
    };
    counters.add(count);
    socket.on("close", count);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // listen() on a TCP port gives an AddressInfo, never a pipe name.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const upstream = { baseUrl: url, apiKey };
  return {
    url,
    apiKey,
    upstreams: { anthropic: upstream, openai: upstream, google: upstream },
    answer: (how) => {
      answer = how;
    },
    paths: () => [...paths],
    bodies: () => [...bodies],
    bytesReceived: () => {
      for (const count of counters) count();
      return bytes;
    },
    connections: () => connections,
    close: async () => {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, "close");
    },
  };
}
