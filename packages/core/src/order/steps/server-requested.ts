import { ensureServerRow, requestServer } from "../order-server.ts";
import { accessOf } from "../server-access.ts";
import { minutes, type Step } from "./step.ts";

const lookAgainMs = 1_500;

/** Ordered: waits until the server runs and answers as the one that was ordered. */
export const serverRequested: Step = {
  next: "SERVER_READY",
  title: "Starting the server",
  deadlineMs: minutes(15),
  async run(ctx, order) {
    const server = await ensureServerRow(ctx, order);
    const known = server.providerServerId ? await ctx.deps.vps.getServer(server.providerServerId) : null;
    // A provider may lose a server that never ran; asking again by name gives it back or makes it anew.
    const found = known ?? (await requestServer(ctx, order, server));
    if (found.status !== "running") {
      return { kind: "wait", delayMs: lookAgainMs, reason: "The server is being started." };
    }
    const access = await accessOf(ctx, { ...server, providerServerId: found.id });
    if (!access || !(await ctx.deps.provision.isReachable(access))) {
      return { kind: "wait", delayMs: lookAgainMs, reason: "The server runs and is not reachable yet." };
    }
    return {
      kind: "done",
      async write(tx) {
        const data = { status: "running" as const, ipv4: found.ipv4, isolation: found.isolation };
        await tx.server.update({ where: { id: server.id }, data: { ...data, updatedAt: new Date(ctx.clock.now()) } });
      },
    };
  },
};
