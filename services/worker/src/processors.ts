import {
  advanceOrder,
  applyStripeEvent,
  type Ctx,
  notifyApproval,
  reportUsage,
  sendOrderMail,
  sweep,
} from "@berth/core";
import type { Processors } from "@berth/queue";

/** One verb for each kind of job; the queue has parsed the payload. */
export const processorsOf = (ctx: Omit<Ctx, "actor">): Required<Processors> => {
  const as = (job: string): Ctx => ({ ...ctx, actor: { kind: "system", job } });
  return {
    "order.advance": (input) => advanceOrder({ ctx: as("order.advance"), input }),
    "order.mail": (input) => sendOrderMail({ ctx: as("order.mail"), input }),
    "stripe.event": (input) => applyStripeEvent({ ctx: as("stripe.event"), input }),
    "usage.report": async (input) => void (await reportUsage({ ctx: as("usage.report"), input })),
    "approval.notify": (input) => notifyApproval({ ctx: as("approval.notify"), input }),
    sweep: async () => void (await sweep({ ctx: as("sweep") })),
  };
};
