import { maxFrameBytes, TenantDownFrame, type TenantUpFrame } from "@berth/contracts";
import { signRequest } from "@berth/platform";
import WebSocket from "ws";
import type { AgentDeps } from "../deps.ts";
import type { Identity } from "../identity/load-identity.ts";
import { backoffMs, pause } from "../repeat.ts";

export interface TenantLinkInput {
  realtimeUrl: string;
  identity: Identity;
  keyId: string;
  deps: AgentDeps;
  onFrame: (frame: TenantDownFrame) => void;
  onOpen: () => void;
}

export interface TenantLink {
  /** False if the link is down; what must arrive goes through the outbox instead. */
  send(frame: TenantUpFrame): boolean;
  stop(): Promise<void>;
}

/** Keeps one WebSocket to `services/realtime` open for as long as the agent lives. */
export function openTenantLink(input: TenantLinkInput): TenantLink {
  const { deps, identity, keyId } = input;
  const stopping = new AbortController();
  let socket: WebSocket | null = null;

  const connect = (): WebSocket => {
    const url = `${input.realtimeUrl.replace(/\/$/, "")}/tenant`;
    const headers = signRequest({ method: "GET", url, keyId, privateKey: identity.privateKey, clock: deps.clock });
    return new WebSocket(url, {
      headers,
      maxPayload: maxFrameBytes,
      handshakeTimeout: 10_000,
      perMessageDeflate: false,
    });
  };

  const receive = (data: WebSocket.RawData, isBinary: boolean) => {
    const parsed = isBinary ? null : TenantDownFrame.safeParse(jsonOrNull(data.toString()));
    if (parsed?.success) input.onFrame(parsed.data);
    else deps.log.warn({ bytes: data.toString().length }, "malformed frame from realtime dropped");
  };

  /** One connection from handshake to end; answers whether it ever opened. */
  const holdConnection = () =>
    new Promise<boolean>((resolve) => {
      const current = connect();
      let opened = false;
      let alive = true;
      const pings = setInterval(() => {
        if (!alive) current.terminate();
        alive = false;
        if (current.readyState === WebSocket.OPEN) current.ping();
      }, deps.timing.linkPingMs);
      const end = () => {
        clearInterval(pings);
        stopping.signal.removeEventListener("abort", stop);
        socket = null;
        resolve(opened);
      };
      const stop = () => current.terminate();
      stopping.signal.addEventListener("abort", stop, { once: true });
      current.on("open", () => {
        opened = true;
        socket = current;
        deps.log.info("realtime link open");
        input.onOpen();
      });
      current.on("pong", () => {
        alive = true;
      });
      current.on("message", (data, isBinary) => {
        alive = true;
        receive(data, isBinary);
      });
      current.on("error", (error) => deps.log.warn({ reason: error.message }, "realtime link"));
      current.on("close", end);
    });

  const run = async () => {
    let attempt = 0;
    while (!stopping.signal.aborted) {
      attempt = (await holdConnection()) ? 1 : attempt + 1;
      await pause(backoffMs(deps, attempt), stopping.signal);
    }
  };
  const done = run();

  return {
    send: (frame) => {
      const text = JSON.stringify(frame);
      if (socket?.readyState !== WebSocket.OPEN || Buffer.byteLength(text) > maxFrameBytes) return false;
      socket.send(text);
      return true;
    },
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
