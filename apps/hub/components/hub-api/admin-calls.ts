import { answerOf } from "@berth/api-client";
import { AuditEntry, Order, type OrderId, pageOf, Tenant } from "@berth/contracts";
import { hub } from "./hub.ts";

const audit = pageOf(AuditEntry);
const orders = pageOf(Order);
const tenants = pageOf(Tenant);
const limit = 50;

export const readAllOrders = (cursor?: string) =>
  answerOf(orders, hub.GET("/api/admin/v1/orders", { params: { query: { limit, ...(cursor ? { cursor } : {}) } } }));

export const readAnyOrder = (orderId: OrderId) =>
  answerOf(Order, hub.GET("/api/admin/v1/orders/{orderId}", { params: { path: { orderId } } }));

export const retryOrder = (orderId: OrderId) =>
  answerOf(Order, hub.POST("/api/admin/v1/orders/{orderId}/retry", { params: { path: { orderId } } }));

export const readAllTenants = (cursor?: string) =>
  answerOf(tenants, hub.GET("/api/admin/v1/tenants", { params: { query: { limit, ...(cursor ? { cursor } : {}) } } }));

export const readAudit = (cursor?: string) =>
  answerOf(audit, hub.GET("/api/admin/v1/audit", { params: { query: { limit, ...(cursor ? { cursor } : {}) } } }));
