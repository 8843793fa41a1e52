import { fail } from "@berth/platform";
import { minutes, type Step } from "./step.ts";

const lookAgainMs = 2_000;

/** Named: waits until the name leads to the server. */
export const dnsPending: Step = {
  next: "DNS_READY",
  title: "Waiting for the name",
  deadlineMs: minutes(15),
  async run(ctx, { server }) {
    if (!server) fail("conflict", "The server is missing.");
    const record = await ctx.deps.dns.findRecord(server.name);
    if (record?.ipv4 === server.ipv4) return { kind: "done" };
    return { kind: "wait", delayMs: lookAgainMs, reason: "The server's name is not visible yet." };
  },
};
