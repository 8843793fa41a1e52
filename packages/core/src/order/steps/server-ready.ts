import { fail } from "@berth/platform";
import { minutes, type Step } from "./step.ts";

/** Running: gives the server its name. */
export const serverReady: Step = {
  next: "DNS_PENDING",
  title: "Naming the server",
  deadlineMs: minutes(10),
  async run(ctx, { server }) {
    if (!server?.ipv4) fail("conflict", "The server has no address.", { internal: server?.id ?? "no row" });
    await ctx.deps.dns.upsertRecord({ name: server.name, ipv4: server.ipv4 });
    return { kind: "done" };
  },
};
