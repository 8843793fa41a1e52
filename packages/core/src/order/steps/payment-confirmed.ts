import { ensureServerRow, requestServer } from "../order-server.ts";
import { minutes, type Step } from "./step.ts";

/** Paid: asks the provider for a server. */
export const paymentConfirmed: Step = {
  next: "SERVER_REQUESTED",
  title: "Ordering the server",
  deadlineMs: minutes(10),
  async run(ctx, order) {
    const server = await ensureServerRow(ctx, order);
    await requestServer(ctx, order, server);
    return { kind: "done" };
  },
};
