import { fail } from "@berth/platform";
import { minutes, type Step } from "./step.ts";

/** Reachable by name: makes the tenant that will live there. */
export const dnsReady: Step = {
  next: "PROVISIONING",
  title: "Preparing the agent's place",
  deadlineMs: minutes(5),
  async run(ctx, order) {
    const { server, tenant } = order;
    if (!server) fail("conflict", "The server is missing.");
    if (tenant) return { kind: "done" };
    const now = new Date(ctx.clock.now());
    return {
      kind: "done",
      async write(tx) {
        await tx.tenant.create({
          data: {
            id: ctx.ids.next("tnt"),
            organizationId: order.organizationId,
            orderId: order.id,
            serverId: server.id,
            name: order.organization.name,
            planId: order.planId,
            isolation: server.isolation,
            createdAt: now,
            updatedAt: now,
          },
        });
      },
    };
  },
};
