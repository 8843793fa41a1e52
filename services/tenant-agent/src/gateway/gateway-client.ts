import { readFileSync } from "node:fs";
import { AppError, fail, parseOrFail } from "@berth/platform";
import WebSocket from "ws";
import type { z } from "zod";
import type { AgentDeps } from "../deps.ts";
import { backoffMs, pause } from "../repeat.ts";
import { GatewayFrame } from "./gateway-frames.ts";

export interface GatewayClientInput {
  gatewayUrl: string;
  tokenFile: string;
  deps: AgentDeps;
  /** What may be said to the gateway: it stores prompts and tasks in places that no hook of a plugin sees. */
  redact: <T>(params: T) => T;
  onEvent: (event: string, payload: unknown) => void;
  onConnected: () => void;
}

export interface GatewayClient {
  connected(): boolean;
  /** One RPC. Throws `unavailable` while the gateway is away or late, `invalid_input` with its reason if it refuses. */
  call<T>(method: string, params: object, answer: z.ZodType<T>, timeoutMs?: number): Promise<T>;
  /** `POST /tools/invoke`, as the gateway answers it. */
  invokeTool(input: { tool: string; args: object; sessionKey: string }): Promise<{ status: number; body: string }>;
  stop(): Promise<void>;
}

interface Pending {
  resolve: (payload: unknown) => void;
  reject: (error: AppError) => void;
}

const client = { id: "gateway-client", mode: "backend", version: "1", platform: "linux" };
const scopes = ["operator.read", "operator.write", "operator.admin"];
const away = () => new AppError("unavailable", "The agent's gateway is not reachable at the moment.");

/** A protocol 4 operator over loopback: keeps one WebSocket, connects again whenever it is lost. */
export function openGatewayClient(input: GatewayClientInput): GatewayClient {
  const { deps } = input;
  const stopping = new AbortController();
  const pending = new Map<string, Pending>();
  const token = () => readFileSync(input.tokenFile, "utf8").trim();
  let ready: WebSocket | null = null;
  let lastId = 0;

  const request = (socket: WebSocket, method: string, params: object, timeoutMs: number): Promise<unknown> => {
    lastId += 1;
    const id = String(lastId);
    const answer = Promise.withResolvers<unknown>();
    const late = () => answer.reject(new AppError("unavailable", `The gateway was too slow (${method}).`));
    const timer = setTimeout(late, timeoutMs);
    pending.set(id, answer);
    socket.send(JSON.stringify({ type: "req", id, method, params }));
    return answer.promise.finally(() => {
      clearTimeout(timer);
      pending.delete(id);
    });
  };

  const greet = async (socket: WebSocket) => {
    const auth = { token: token() };
    const hello = { minProtocol: 4, maxProtocol: 4, client, role: "operator", scopes, caps: [], auth };
    await request(socket, "connect", hello, 10_000);
    ready = socket;
    deps.log.info("gateway connected");
    input.onConnected();
  };

  /** The gateway is not trusted: an event that nobody can make sense of must not end the agent. */
  const tell = (event: string, payload: unknown) => {
    try {
      input.onEvent(event, payload);
    } catch (error) {
      deps.log.warn({ event: event.slice(0, 100), reason: error instanceof Error ? error.name : "" }, "event dropped");
    }
  };

  const receive = (socket: WebSocket, text: string) => {
    const parsed = GatewayFrame.safeParse(jsonOrNull(text));
    if (!parsed.success) return;
    const frame = parsed.data;
    if (frame.type === "event") {
      if (frame.event !== "connect.challenge") return tell(frame.event, frame.payload);
      greet(socket).catch((error) => {
        deps.log.error({ reason: error instanceof Error ? error.message : "" }, "gateway refused the connection");
        socket.terminate();
      });
      return;
    }
    const waiting = pending.get(frame.id);
    if (frame.ok) waiting?.resolve(frame.payload);
    else waiting?.reject(refusalOf(frame.error));
  };

  const holdConnection = () =>
    new Promise<boolean>((resolve) => {
      const url = input.gatewayUrl.replace(/^http/, "ws");
      const socket = new WebSocket(url, { maxPayload: 64 * 1_048_576, handshakeTimeout: 10_000 });
      const stop = () => socket.terminate();
      stopping.signal.addEventListener("abort", stop, { once: true });
      socket.on("message", (data) => receive(socket, data.toString()));
      socket.on("error", (error) => deps.log.debug({ reason: error.message }, "gateway"));
      socket.on("close", () => {
        stopping.signal.removeEventListener("abort", stop);
        const wasReady = ready === socket;
        if (wasReady) deps.log.warn("gateway connection lost");
        ready = null;
        for (const waiting of pending.values()) waiting.reject(away());
        resolve(wasReady);
      });
    });

  const run = async () => {
    let attempt = 0;
    while (!stopping.signal.aborted) {
      attempt = (await holdConnection()) ? 1 : attempt + 1;
      // The gateway is on this machine: a restart should be noticed within seconds, however long it was away.
      await pause(Math.min(backoffMs(deps, attempt), 3_000), stopping.signal);
    }
  };
  const done = run();

  return {
    connected: () => ready !== null,
    async call(method, params, answer, timeoutMs = 30_000) {
      if (!ready) throw away();
      const payload = await request(ready, method, input.redact(params), timeoutMs);
      return parseOrFail(answer, payload, `gateway's answer to ${method}`);
    },
    async invokeTool(body) {
      const response = await deps
        .fetch(`${input.gatewayUrl.replace(/^ws/, "http").replace(/\/$/, "")}/tools/invoke`, {
          method: "POST",
          headers: { authorization: `Bearer ${token()}`, "content-type": "application/json" },
          body: JSON.stringify(body),
          redirect: "error",
          signal: AbortSignal.timeout(20_000),
        })
        .catch((cause) => fail("unavailable", "The agent's gateway is not reachable at the moment.", { cause }));
      return { status: response.status, body: (await response.text()).slice(0, 100_000) };
    },
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

function refusalOf(error: { code: string; message: string } | undefined): AppError {
  const passing = error?.code === "UNAVAILABLE";
  return new AppError(
    passing ? "unavailable" : "invalid_input",
    `The gateway refused: ${error?.message ?? "no reason"}`,
  );
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
