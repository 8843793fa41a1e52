import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { readBody } from "@berth/platform";
import { z } from "zod";

const MessagesRequest = z.looseObject({
  model: z.string(),
  system: z.unknown(),
  tools: z.array(z.looseObject({ name: z.string(), input_schema: z.unknown() })).optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })),
});
export type LlmRequest = z.infer<typeof MessagesRequest>;

export interface Turn {
  tool: string;
  args: Record<string, unknown>;
}

export interface ProxyDouble {
  llmPort: number;
  channelPort: number;
  requests: LlmRequest[];
  refused: number;
  /** Presence connections that are open now. */
  presence(): number;
  /** Tool calls the model will make, one per request; then it answers with text. */
  turns: Turn[];
  /** Where the gateway tried to go through the forward proxy. */
  forwarded: string[];
  dropPresence(): void;
  stop(): Promise<void>;
}

/** The proxy's two ports: presence, an Anthropic provider that does what the test says, and a closed forward proxy. */
export async function startProxyDouble(): Promise<ProxyDouble> {
  const present = new Set<ServerResponse>();
  const requests: LlmRequest[] = [];
  const turns: Turn[] = [];
  const forwarded: string[] = [];
  let refused = 0;
  const server = createServer(async (request, response) => {
    if (request.url === "/berth/presence") {
      present.add(response);
      response.writeHead(200, { "content-type": "text/plain" }).write(".");
      const beat = setInterval(() => response.write("."), 1000);
      response.on("close", () => {
        clearInterval(beat);
        present.delete(response);
      });
      return;
    }
    const body = await readBody(request, 20_000_000);
    if (present.size === 0 || !request.url?.startsWith("/llm/main/anthropic/v1/messages")) {
      refused += 1;
      response
        .writeHead(503, { "content-type": "application/json" })
        .end('{"type":"error","error":{"type":"api_error"}}');
      return;
    }
    requests.push(MessagesRequest.parse(JSON.parse(body.toString())));
    answer(response, requests.length, turns.shift());
  });
  const forward = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (head) => {
      forwarded.push(head.toString().split("\r\n", 1)[0] ?? "");
      socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    });
  });
  const [llmPort, channelPort] = await Promise.all([listen(server), listen(forward)]);
  return {
    llmPort,
    channelPort,
    requests,
    turns,
    forwarded,
    get refused() {
      return refused;
    },
    presence: () => present.size,
    dropPresence: () => {
      for (const response of present) response.destroy();
    },
    async stop() {
      const closed = Promise.all([once(server, "close"), once(forward, "close")]);
      server.close();
      server.closeAllConnections();
      forward.close();
      await closed;
    },
  };
}

async function listen(server: ReturnType<typeof createTcpServer>): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port; // a TCP server that listens has a port
}

/** One streamed answer in Anthropic's format. */
function answer(response: ServerResponse, id: number, turn: Turn | undefined): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (type: string, data: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  const usage = { input_tokens: 150, cache_read_input_tokens: 1000, cache_creation_input_tokens: 50, output_tokens: 1 };
  send("message_start", {
    message: {
      id: `msg_${id}`,
      type: "message",
      role: "assistant",
      model: "test",
      content: [],
      stop_reason: null,
      usage,
    },
  });
  if (turn === undefined) {
    send("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
    send("content_block_delta", { index: 0, delta: { type: "text_delta", text: "Done." } });
  } else {
    send("content_block_start", {
      index: 0,
      content_block: { type: "tool_use", id: `toolu_${id}`, name: turn.tool, input: {} },
    });
    send("content_block_delta", {
      index: 0,
      delta: { type: "input_json_delta", partial_json: JSON.stringify(turn.args) },
    });
  }
  send("content_block_stop", { index: 0 });
  send("message_delta", { delta: { stop_reason: turn ? "tool_use" : "end_turn" }, usage: { output_tokens: 34 } });
  send("message_stop", {});
  response.end();
}
