import {
  ComponentVersions,
  DiskState,
  EgressReport,
  GateState,
  OrderId,
  PlanId,
  type Tenant,
  TenantId,
} from "@berth/contracts";
import type { Order as OrderRow, Tenant as TenantRow } from "@berth/db";

/** A row as portal and admin see it; what the VPS reported is parsed again, for it was stored as JSON. */
export function presentTenant(row: TenantRow & { order: Pick<OrderRow, "state"> }): Tenant {
  return {
    id: TenantId.parse(row.id),
    orderId: OrderId.parse(row.orderId),
    name: row.name,
    planId: PlanId.parse(row.planId),
    orderState: row.order.state,
    health: row.health,
    isolation: row.isolation,
    gate: row.gate === null ? null : GateState.parse(row.gate),
    egress: row.egress === null ? null : EgressReport.parse(row.egress),
    disk: row.disk === null ? null : DiskState.parse(row.disk),
    versions: row.versions === null ? null : ComponentVersions.parse(row.versions),
    lastHeartbeatAt: row.lastHeartbeatAt?.toISOString() ?? null,
    policyVersion: row.policyVersion,
    createdAt: row.createdAt.toISOString(),
  };
}
