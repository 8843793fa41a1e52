import { answerOf } from "@berth/api-client";
import {
  Approval,
  type ApprovalId,
  type ApprovalState,
  type DecideApprovalInput,
  Order,
  type OrderId,
  pageOf,
  RealtimeTicket,
  Tenant,
  type TenantId,
  UsageSummary,
} from "@berth/contracts";
import { z } from "zod";
import { hub } from "./hub.ts";

// Each throws a HubProblem; what it answers is of the contract's form.

const approvals = pageOf(Approval);
const orders = pageOf(Order);
const tenants = pageOf(Tenant);
const portalAddress = z.object({ url: z.url() });

export const readTenants = () =>
  answerOf(tenants, hub.GET("/api/portal/v1/tenants", { params: { query: { limit: 100 } } }));

export const readTenant = (tenantId: TenantId) =>
  answerOf(Tenant, hub.GET("/api/portal/v1/tenants/{tenantId}", { params: { path: { tenantId } } }));

export const readOrders = () =>
  answerOf(orders, hub.GET("/api/public/v1/orders", { params: { query: { limit: 100 } } }));

export const readOrder = (orderId: OrderId) =>
  answerOf(Order, hub.GET("/api/public/v1/orders/{orderId}", { params: { path: { orderId } } }));

export const readApprovals = (tenantId: TenantId, query: { state?: ApprovalState; cursor?: string } = {}) =>
  answerOf(
    approvals,
    hub.GET("/api/portal/v1/tenants/{tenantId}/approvals", {
      params: { path: { tenantId }, query: { limit: query.state === "pending" ? 100 : 30, ...query } },
    }),
  );

export const decideApproval = (approvalId: ApprovalId, body: DecideApprovalInput) =>
  answerOf(
    Approval,
    hub.POST("/api/portal/v1/approvals/{approvalId}/decision", { params: { path: { approvalId } }, body }),
  );

export const readUsage = (tenantId: TenantId) =>
  answerOf(UsageSummary, hub.GET("/api/portal/v1/tenants/{tenantId}/usage", { params: { path: { tenantId } } }));

export const createRealtimeTicket = (tenantId: TenantId) =>
  answerOf(RealtimeTicket, hub.POST("/api/portal/v1/realtime-ticket", { body: { tenantId } }));

export const openBillingPortal = () => answerOf(portalAddress, hub.POST("/api/portal/v1/billing-portal"));
