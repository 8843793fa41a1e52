import { expireApprovals } from "../approval/expire-approvals.ts";
import { type Ctx, requireActor } from "../context.ts";
import { expireFoundSecrets } from "../found-secret/index.ts";
import { askForPayments } from "./ask-for-payments.ts";
import { compareServers } from "./compare-servers.ts";
import { markSilentTenants } from "./mark-silent-tenants.ts";
import { pruneOutbox } from "./prune-outbox.ts";
import { pruneTickets } from "./prune-tickets.ts";
import { resumeStripeEvents } from "./resume-stripe-events.ts";
import { sendUnsentUsage } from "./send-unsent-usage.ts";
import { wakeStalledOrders } from "./wake-stalled-orders.ts";

const parts: Record<string, (ctx: Ctx) => Promise<unknown>> = {
  wakeStalledOrders,
  askForPayments,
  resumeStripeEvents,
  sendUnsentUsage,
  expireApprovals: (ctx) => expireApprovals({ ctx }),
  expireFoundSecrets: (ctx) => expireFoundSecrets({ ctx }),
  markSilentTenants,
  compareServers,
  pruneOutbox,
  pruneTickets,
};

/**
 * The periodic look at everything that waits for something: repairs what a lost job, webhook or heartbeat left behind.
 * A part that fails is logged and does not hold up the others. Answers the names of the parts that failed.
 */
export async function sweep({ ctx }: { ctx: Ctx }): Promise<{ failed: string[] }> {
  requireActor(ctx, "system");
  const failed: string[] = [];
  for (const [name, run] of Object.entries(parts)) {
    try {
      await run(ctx);
    } catch (error) {
      failed.push(name);
      ctx.log.error({ err: error, part: name }, "a part of the sweep failed");
    }
  }
  return { failed };
}
