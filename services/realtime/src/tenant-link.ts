import { type TenantId, TenantUpFrame } from "@berth/contracts";
import { acknowledgeCommands, type CtxWith, listCommands, waitingCommands } from "@berth/core";
import type { WebSocket } from "ws";
import { closeCodes, type FrameSocket, frameSocket } from "./frame-socket.ts";
import type { LinkSettings } from "./settings.ts";
import type { Switchboard, TenantLine } from "./switchboard.ts";
import { TokenBucket } from "./token-bucket.ts";

const pauseMs = 250;

export interface TenantLinkInput {
  socket: WebSocket;
  tenantId: TenantId;
  /** Its actor is this tenant's agent. */
  ctx: CtxWith;
  switchboard: Switchboard;
  settings: LinkSettings;
}

/** Serves a VPS that has proved who it is: waiting commands down, chat facts and acknowledgements up. */
export function serveTenant({ socket, tenantId, ctx, switchboard, settings }: TenantLinkInput): void {
  const bucket = new TokenBucket(settings.tenantRate, ctx.clock);
  const frames: FrameSocket = frameSocket({
    socket,
    schema: TenantUpFrame,
    pingIntervalMs: settings.pingIntervalMs,
    onFrame: (frame) => {
      // Facts must not be lost, so a server that says too much is slowed down and not cut.
      if (!bucket.take()) frames.pauseFor(pauseMs);
      if (frame.type === "chat.fact") switchboard.chatFact(tenantId, frame.fact);
      else acknowledge(ctx, frame.upToSeq);
    },
    onMalformed: () => frames.close(closeCodes.policyViolation, "not a frame of this protocol"),
    onClose: (code) => {
      switchboard.removeTenant(line);
      ctx.log.info({ tenantId, code }, "a tenant's link closed");
    },
  });
  const line: TenantLine = {
    tenantId,
    send: (frame) => frames.send(frame),
    replace: () => frames.close(closeCodes.replaced, "a newer link took over"),
    pushCommands: commandPump(ctx, frames),
  };
  switchboard.addTenant(line);
  ctx.log.info({ tenantId }, "a tenant's link opened");
  line.pushCommands();
}

function acknowledge(ctx: CtxWith, upToSeq: number): void {
  acknowledgeCommands({ ctx, input: { upToSeq } }).catch((error: unknown) => {
    // Not kept: the command is sent again on the next link, and the VPS knows it by its number.
    ctx.log.error({ err: error }, "an acknowledgement was not kept");
  });
}

/** Sends what waits, in order and each number once per link; a call during a run makes it look once more. */
function commandPump(ctx: CtxWith, frames: FrameSocket): () => void {
  let sentSeq: number | null = null;
  let again = false;
  let running = false;
  const sendPage = async (): Promise<boolean> => {
    const page = sentSeq === null ? waitingCommands({ ctx }) : listCommands({ ctx, input: { after: sentSeq } });
    const { commands } = await page;
    for (const command of commands) {
      frames.send({ type: "command", command });
      sentSeq = command.seq;
    }
    return commands.length > 0;
  };
  const run = async (): Promise<void> => {
    running = true;
    try {
      do {
        again = false;
        while (await sendPage());
      } while (again);
    } catch (error) {
      ctx.log.error({ err: error }, "waiting commands could not be sent");
    } finally {
      running = false;
    }
  };
  return () => {
    again = true;
    if (!running) void run();
  };
}
