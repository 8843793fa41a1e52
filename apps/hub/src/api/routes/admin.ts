import { OrderState, PageInput, pageOf } from "@berth/contracts";
import { getOrder, listAudit, listOrders, listTenants, retryOrder } from "@berth/core";
import { z } from "@hono/zod-openapi";
import { only, personOf } from "../actors.ts";
import { requireOwnOrigin } from "../browser-guard.ts";
import { describeRoute, jsonAnswer } from "../describe-route.ts";
import type { Hub } from "../hub.ts";
import { newRouter } from "../new-router.ts";
import { params, schemas } from "../schemas.ts";

const tags = ["admin"];
const { AuditEntry, Order, Tenant } = schemas;

const routes = {
  listOrders: describeRoute({
    method: "get",
    path: "/orders",
    tags,
    summary: "All orders, newest first",
    request: { query: PageInput.extend({ state: OrderState.optional() }) },
    responses: { 200: jsonAnswer(pageOf(Order), "A page of orders") },
  }),
  getOrder: describeRoute({
    method: "get",
    path: "/orders/{orderId}",
    tags,
    summary: "One order with its journal",
    request: { params: params.order },
    responses: { 200: jsonAnswer(Order, "The order") },
  }),
  retryOrder: describeRoute({
    method: "post",
    path: "/orders/{orderId}/retry",
    tags,
    summary: "Let a failed order go on from the step that failed",
    request: { params: params.order },
    responses: { 200: jsonAnswer(Order, "The order, on its way again") },
  }),
  listTenants: describeRoute({
    method: "get",
    path: "/tenants",
    tags,
    summary: "All tenants, newest first",
    request: { query: PageInput },
    responses: { 200: jsonAnswer(pageOf(Tenant), "A page of tenants") },
  }),
  listAudit: describeRoute({
    method: "get",
    path: "/audit",
    tags,
    summary: "The audit log, newest first",
    request: { query: PageInput.extend({ entityId: z.string().max(100).optional() }) },
    responses: { 200: jsonAnswer(pageOf(AuditEntry), "A page of the log") },
  }),
};

/** What staff do. */
export function adminApi(hub: Hub) {
  const router = newRouter();
  router.use("*", requireOwnOrigin(hub.ctx.deps.config.hubUrl), personOf(hub), only("staff"));
  return router
    .openapi(routes.listOrders, async (c) =>
      c.json(await listOrders({ ctx: c.var.ctx, input: c.req.valid("query") }), 200),
    )
    .openapi(routes.getOrder, async (c) => c.json(await getOrder({ ctx: c.var.ctx, input: c.req.valid("param") }), 200))
    .openapi(routes.retryOrder, async (c) =>
      c.json(await retryOrder({ ctx: c.var.ctx, input: c.req.valid("param") }), 200),
    )
    .openapi(routes.listTenants, async (c) =>
      c.json(await listTenants({ ctx: c.var.ctx, input: c.req.valid("query") }), 200),
    )
    .openapi(routes.listAudit, async (c) =>
      c.json(await listAudit({ ctx: c.var.ctx, input: c.req.valid("query") }), 200),
    );
}
