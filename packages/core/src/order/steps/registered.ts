import { fail } from "@berth/platform";
import { accessOf } from "../server-access.ts";
import { minutes, type Step } from "./step.ts";

const lookAgainMs = 2_000;

/** Enrolled: waits for the first proof of its safety gate, then takes our key off the server. */
export const registered: Step = {
  next: "ACTIVE",
  title: "Proving the safety gate",
  deadlineMs: minutes(15),
  async run(ctx, { server, tenant }) {
    if (!server || !tenant) fail("conflict", "The server is missing.");
    // Proven once is not enough: a gate that has failed since then is open now.
    if (!tenant.gateVerifiedAt || tenant.health === "degraded") {
      return { kind: "wait", delayMs: lookAgainMs, reason: "The agent has not proven its safety gate yet." };
    }
    const access = await accessOf(ctx, server);
    if (!access) fail("conflict", "The server no longer exists at the provider.");
    await ctx.deps.provision.finishProvisioning({ ...access, log: ctx.log });
    return {
      kind: "done",
      async write(tx) {
        await tx.server.update({
          where: { id: server.id },
          data: { sealedHostKey: null, sealedProvisioningKey: null, updatedAt: new Date(ctx.clock.now()) },
        });
      },
    };
  },
};
