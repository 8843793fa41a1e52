import { z } from "zod";
import { EgressReport } from "./egress.ts";
import { OrderState } from "./order.ts";
import { PlanId } from "./plan.ts";
import { OrderId, TenantId, Timestamp } from "./primitives.ts";

/** `machine`: a VPS with kernel isolation. `process`: child processes, without isolation, for development only. */
export const Isolation = z.enum(["machine", "process"]);
export type Isolation = z.infer<typeof Isolation>;

/** Health of a tenant, apart from its order's state. `degraded`: the gate self-test failed and tools are off. */
export const TenantHealth = z.enum(["unknown", "healthy", "degraded", "offline"]);
export type TenantHealth = z.infer<typeof TenantHealth>;

/** Result of one gate self-test on the VPS. */
export const GateState = z.object({
  verified: z.boolean(),
  /** Why it is not verified, in plain words; null when it is. */
  reason: z.string().nullable(),
  testedAt: Timestamp,
});
export type GateState = z.infer<typeof GateState>;

/**
 * Room on a server's disk. `low`: little is left. `full`: what happens there can no longer be written down, so nothing new
 * runs until there is room again.
 */
export const DiskState = z.object({
  state: z.enum(["ok", "low", "full"]),
  freeMb: z.int().nonnegative(),
  /** Since when it is in this state. */
  since: Timestamp,
});
export type DiskState = z.infer<typeof DiskState>;

export const ComponentVersions = z.object({
  agent: z.string(),
  egressProxy: z.string().nullable(),
  safetyWrapper: z.string().nullable(),
  openclaw: z.string().nullable(),
  node: z.string(),
});
export type ComponentVersions = z.infer<typeof ComponentVersions>;

export const Tenant = z.object({
  id: TenantId,
  orderId: OrderId,
  name: z.string(),
  planId: PlanId,
  orderState: OrderState,
  health: TenantHealth,
  isolation: Isolation,
  gate: GateState.nullable(),
  /** What the server's egress proxy refused of late; null if it never said. */
  egress: EgressReport.nullable(),
  disk: DiskState.nullable(),
  versions: ComponentVersions.nullable(),
  lastHeartbeatAt: Timestamp.nullable(),
  policyVersion: z.int().nullable(),
  createdAt: Timestamp,
});
export type Tenant = z.infer<typeof Tenant>;
