import { PortalUpFrame } from "@berth/contracts";
import type { CtxWith, PortalLink } from "@berth/core";
import type { WebSocket } from "ws";
import { closeCodes, type FrameSocket, frameSocket } from "./frame-socket.ts";
import type { LinkSettings } from "./settings.ts";
import type { PortalLine, Switchboard } from "./switchboard.ts";
import { TokenBucket } from "./token-bucket.ts";

export interface PortalLinkInput {
  socket: WebSocket;
  link: PortalLink;
  ctx: CtxWith;
  switchboard: Switchboard;
  settings: LinkSettings;
}

/** Serves a browser: chat to and from its one tenant, and hints that something of its organisation changed. */
export function servePortal({ socket, link, ctx, switchboard, settings }: PortalLinkInput): void {
  const { tenantId, organizationId, userId } = link;
  const bucket = new TokenBucket(settings.portalRate, ctx.clock);
  const frames: FrameSocket = frameSocket({
    socket,
    schema: PortalUpFrame,
    pingIntervalMs: settings.pingIntervalMs,
    onFrame: (frame) => {
      if (bucket.take()) relay(frame);
      else line.send({ type: "error", code: "rate_limited", message: "Too many messages at once. Wait a moment." });
    },
    onMalformed: () => {
      line.send({ type: "error", code: "invalid_input", message: "The message is not one that this address knows." });
      frames.close(closeCodes.badData, "not a frame of this protocol");
    },
    onClose: (code) => {
      clearTimeout(ageLimit);
      switchboard.removePortal(line);
      ctx.log.info({ tenantId, organizationId, userId, code }, "a browser's link closed");
    },
  });
  const line: PortalLine = {
    tenantId,
    organizationId,
    // Each delta holds the whole answer so far: one that is left out is made good by the next.
    send: (frame) => frames.send(frame, { skippable: frame.type === "chat.delta" }),
    close: (code, reason) => frames.close(code, reason),
  };
  const relay = (frame: PortalUpFrame): void => {
    const down = frame.type === "chat.send" ? { ...frame, from: link.email } : frame;
    if (switchboard.toTenant(tenantId, down)) return;
    const message = "Your agent's server is not connected at the moment. Try again shortly.";
    line.send({ type: "chat.error", requestId: frame.requestId, message });
  };
  const ageLimit = setTimeout(
    () => frames.close(closeCodes.ticketTooOld, "come back with a new ticket"),
    settings.portalMaxAgeMs,
  );
  switchboard.addPortal(line);
  ctx.log.info({ tenantId, organizationId, userId }, "a browser's link opened");
}
