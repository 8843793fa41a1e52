import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { authenticateRequest, type CtxWith, redeemTicket } from "@berth/core";
import { appErrorOf, fail, problemOf } from "@berth/platform";
import type { WebSocket, WebSocketServer } from "ws";
import { servePortal } from "./portal-link.ts";
import type { SeenOnce } from "./seen-once.ts";
import type { LinkSettings } from "./settings.ts";
import type { Switchboard } from "./switchboard.ts";
import { serveTenant } from "./tenant-link.ts";

export interface UpgradeInput {
  webSockets: WebSocketServer;
  ctx: CtxWith;
  switchboard: Switchboard;
  settings: LinkSettings;
  /** Signatures of upgrade requests that were used already. */
  signatures: SeenOnce;
}

type Serve = (socket: WebSocket) => void;

/** Decides who is at the door before the handshake completes; a stranger gets an HTTP answer and no WebSocket. */
export async function upgrade(
  input: UpgradeInput,
  request: IncomingMessage,
  stream: Duplex,
  head: Buffer,
): Promise<void> {
  const gone = () => stream.destroy();
  stream.on("error", gone);
  try {
    const serve = await admit(input, request);
    if (stream.destroyed) return;
    stream.off("error", gone);
    input.webSockets.handleUpgrade(request, stream, head, serve);
  } catch (thrown) {
    refuse(input.ctx, stream, thrown);
  }
}

function admit(input: UpgradeInput, request: IncomingMessage): Promise<Serve> {
  // Behind a name, not resolved against one: "//host/tenant" is a path of its own here and no other host's.
  const url = URL.parse(`http://any${request.url ?? "/"}`);
  if (url?.pathname === "/tenant") return admitTenant(input, request);
  if (url?.pathname === "/portal") return admitPortal(input, url.searchParams.get("ticket") ?? "");
  fail("not_found", "There is no such address.");
}

async function admitTenant(input: UpgradeInput, request: IncomingMessage): Promise<Serve> {
  const { url = "/", headers } = request;
  const actor = await authenticateRequest({
    ctx: input.ctx,
    input: { method: "GET", url, headers, body: new Uint8Array() },
  });
  if (!input.signatures.first(String(headers.signature))) {
    fail("unauthenticated", "The request's signature was not accepted.", { internal: "it was used before" });
  }
  const ctx = { ...input.ctx, actor };
  const { switchboard, settings } = input;
  return (socket) => serveTenant({ socket, tenantId: actor.tenantId, ctx, switchboard, settings });
}

async function admitPortal(input: UpgradeInput, ticket: string): Promise<Serve> {
  const link = await redeemTicket({ ctx: input.ctx, input: { ticket } });
  const { ctx, switchboard, settings } = input;
  return (socket) => servePortal({ socket, link, ctx, switchboard, settings });
}

function refuse(ctx: CtxWith, stream: Duplex, thrown: unknown): void {
  const error = appErrorOf(thrown);
  const { status, body } = problemOf(error, ctx.ids.next("req"));
  if (error.code === "internal") ctx.log.error({ err: thrown, requestId: body.requestId }, "an upgrade failed");
  else
    ctx.log.info({ code: error.code, internal: error.internal, requestId: body.requestId }, "an upgrade was refused");
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(text)}`,
    "connection: close",
  ];
  stream.end(`${head.join("\r\n")}\r\n\r\n${text}`);
}
