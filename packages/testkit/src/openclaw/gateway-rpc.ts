import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { RunningGateway } from "./start-gateway.ts";

const Frame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("event"), event: z.string(), payload: z.unknown() }),
  z.object({
    type: z.literal("res"),
    id: z.string(),
    ok: z.boolean(),
    payload: z.unknown(),
    error: z.object({ message: z.string() }).optional(),
  }),
]);

export interface GatewayRpc {
  call(method: string, params: object): Promise<unknown>;
  /** Events so far, oldest first. */
  events: { event: string; payload: unknown }[];
  close(): void;
}

/** An operator's WebSocket to a gateway under test (protocol 4, shared token, loopback). */
export function connectGateway(gateway: Pick<RunningGateway, "port" | "token">): Promise<GatewayRpc> {
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}`);
  const open = new Map<string, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const events: GatewayRpc["events"] = [];
  const call = (method: string, params: object) =>
    new Promise<unknown>((resolve, reject) => {
      const id = randomUUID();
      open.set(id, { resolve, reject });
      socket.send(JSON.stringify({ type: "req", id, method, params }));
    });
  return new Promise((resolve, reject) => {
    socket.onclose = (event) => {
      const error = new Error(`The gateway closed the line: ${event.code} ${event.reason}`);
      for (const waiting of open.values()) waiting.reject(error);
      reject(error);
    };
    socket.onmessage = (message) => {
      const frame = Frame.safeParse(JSON.parse(String(message.data)));
      if (!frame.success) return;
      if (frame.data.type === "event") {
        if (frame.data.event === "connect.challenge") {
          call("connect", hello(gateway.token)).then(
            () => resolve({ call, events, close: () => socket.close() }),
            reject,
          );
        } else events.push(frame.data);
        return;
      }
      const { id, ok, payload, error } = frame.data;
      const waiting = open.get(id);
      open.delete(id);
      if (ok) waiting?.resolve(payload);
      else waiting?.reject(new Error(error?.message ?? "refused"));
    };
  });
}

const hello = (token: string) => ({
  minProtocol: 4,
  maxProtocol: 4,
  client: { id: "gateway-client", mode: "backend", version: "0.1.0", platform: process.platform },
  role: "operator",
  scopes: ["operator.read", "operator.write", "operator.admin"],
  caps: [],
  auth: { token },
});
