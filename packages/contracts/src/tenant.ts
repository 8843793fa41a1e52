import { z } from "zod";
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
  versions: ComponentVersions.nullable(),
  lastHeartbeatAt: Timestamp.nullable(),
  policyVersion: z.int().nullable(),
  createdAt: Timestamp,
});
export type Tenant = z.infer<typeof Tenant>;
