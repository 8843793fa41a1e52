/** Names and payloads of the jobs in the queue. A payload holds ids only: the worker reads the rest from the database. */
import { z } from "zod";
import { ApprovalId, OrderId, TenantId } from "./primitives.ts";

export const jobs = {
  /** Move an order on by one state. */
  "order.advance": z.object({ orderId: OrderId }),
  /** Write to the customer about their order. */
  "order.mail": z.object({ orderId: OrderId, mail: z.enum(["confirmed", "active", "failed"]) }),
  /** Work a stored Stripe event. */
  "stripe.event": z.object({ eventId: z.string().regex(/^evt_/) }),
  /** Report a tenant's not yet reported tokens to the Stripe meter. */
  "usage.report": z.object({ tenantId: TenantId }),
  /** Tell people that an approval waits. */
  "approval.notify": z.object({ approvalId: ApprovalId }),
  /** Periodic: expire approvals, find stalled orders and silent tenants, compare servers with the provider. */
  sweep: z.object({}),
} as const;

export type JobName = keyof typeof jobs;
export type JobPayload<N extends JobName> = z.infer<(typeof jobs)[N]>;
export const JobNames = z.enum(Object.keys(jobs) as [JobName, ...JobName[]]); // keys of the table above
