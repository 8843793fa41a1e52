import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { readBody } from "@berth/platform";
import { type WebSocket, WebSocketServer } from "ws";

export interface GatewayCall {
  method: string;
  params: Record<string, unknown>;
}

/** Asks the agent's wrapper socket, as the real wrapper does. */
export function askAgent(
  socketPath: string,
  path: string,
  body: unknown,
): Promise<{ status: number; answer: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      // A kept connection may be to an agent of an earlier life.
      { socketPath, path, method: "POST", headers: { "content-type": "application/json" }, agent: false },
      (response) => {
        readBody(response, 10_000_000).then(
          (bytes) => resolve({ status: response.statusCode ?? 0, answer: JSON.parse(bytes.toString() || "null") }),
          reject,
        );
      },
    );
    sent.on("error", reject);
    sent.end(typeof body === "string" ? body : JSON.stringify(body));
  });
}

/** How the double's gate behaves: as it should, not at all (plugin gone), or answering 404 as for an unknown tool. */
export type GateBehaviour = "gated" | "open" | "unknown-tool";

/**
 * The wire of gateway protocol 4 with a wrapper behind it, for what a real gateway cannot be made to do on demand: break
 * the connection, refuse, lose its gate. The real one is exercised elsewhere.
 */
export async function startTestGateway(options: { token: string; wrapperSocket: string }) {
  const calls: GatewayCall[] = [];
  const history: unknown[] = [];
  let behaviour: GateBehaviour = "gated";
  let client: WebSocket | null = null;
  const refusals = new Map<string, { code: string; message: string }>();

  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, body }) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
      () => response.writeHead(500).end(),
    );
  });

  async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const bytes = await readBody(request, 1_000_000);
    if (request.headers.authorization !== `Bearer ${options.token}`) return { status: 401, body: {} };
    const { tool, args, sessionKey } = JSON.parse(bytes.toString());
    return invoke(tool, args, sessionKey);
  }

  async function invoke(tool: string, args: unknown, sessionKey: string): Promise<{ status: number; body: unknown }> {
    if (behaviour === "unknown-tool") return { status: 404, body: { ok: false, error: { type: "not_found" } } };
    const call = { toolCallId: "t1", tool, args, agent: "main", sessionKey, runId: null, origin: "probe" };
    if (behaviour === "gated") {
      const { answer } = await askAgent(options.wrapperSocket, "/v1/gate", call);
      const verdict = answer as { verdict: string; message?: string };
      if (verdict.verdict !== "run") {
        return { status: 403, body: { ok: false, error: { type: "tool_call_blocked", message: verdict.message } } };
      }
    }
    const { answer } = await askAgent(options.wrapperSocket, "/v1/execute", call);
    return {
      status: 200,
      body: { ok: true, result: { content: [{ type: "text", text: (answer as { text: string }).text }] } },
    };
  }

  const emit = (event: string, payload: unknown) => client?.send(JSON.stringify({ type: "event", event, payload }));

  /** The turn of the self-test as the egress proxy would play it. */
  async function probeTurn(nonce: string, sessionKey: string): Promise<void> {
    const { body } = await invoke("run_command", { command: `berth-gate-probe ${nonce}` }, sessionKey);
    history.push({ role: "toolResult", content: [{ type: "text", text: JSON.stringify(body) }], timestamp: 1 });
    emit("chat", {
      runId: nonce,
      sessionKey,
      state: "final",
      message: { role: "assistant", content: [{ type: "text", text: `gate-probe-done ${nonce}` }] },
    });
  }

  const results: Record<string, (params: Record<string, unknown>) => unknown> = {
    connect: () => ({ type: "hello-ok" }),
    "chat.history": () => ({ messages: history }),
    "chat.send": (params) => {
      const nonce = /^Gate self-test (\S+)$/.exec(String(params.message))?.[1];
      // An agent that stops in the middle of a turn leaves it without an end, as in life.
      if (nonce) probeTurn(nonce, String(params.sessionKey)).catch(() => undefined);
      return { runId: params.idempotencyKey, status: "started" };
    },
  };

  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => {
    socket.send(JSON.stringify({ type: "event", event: "connect.challenge", payload: { nonce: "n", ts: 1 } }));
    socket.on("message", (data) => {
      const { id, method, params } = JSON.parse(data.toString());
      const wrongToken = method === "connect" && params.auth?.token !== options.token;
      const refusal = wrongToken
        ? { code: "UNAUTHORIZED", message: "wrong token" }
        : refusals.get(`${method} ${params.sessionKey ?? ""}`);
      if (method === "connect" && !wrongToken) client = socket;
      if (method !== "connect") calls.push({ method, params });
      const frame = refusal ? { ok: false, error: refusal } : { ok: true, payload: results[method]?.(params) ?? {} };
      socket.send(JSON.stringify({ type: "res", id, ...frame }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // A TCP server has no other kind of address.

  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    history,
    emit,
    raw: (text: string) => client?.send(text),
    behave: (next: GateBehaviour) => {
      behaviour = next;
    },
    refuse: (method: string, sessionKey: string, error: { code: string; message: string }) =>
      refusals.set(`${method} ${sessionKey}`, error),
    drop: () => client?.terminate(),
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
