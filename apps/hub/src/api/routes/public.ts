import { PageInput, pageOf } from "@berth/contracts";
import { createOrder, getOrder, listOrders, listPlans, syncCheckout } from "@berth/core";
import { only, personOf } from "../actors.ts";
import { describeRoute, jsonAnswer, jsonBody } from "../describe-route.ts";
import type { Hub } from "../hub.ts";
import { meOf } from "../me-of.ts";
import { newRouter } from "../new-router.ts";
import { params, schemas } from "../schemas.ts";

const tags = ["public"];
const { Order, Plan } = schemas;

const routes = {
  plans: describeRoute({
    method: "get",
    path: "/plans",
    tags,
    summary: "Plans on sale, cheapest first",
    responses: { 200: jsonAnswer(pageOf(Plan), "The plans") },
  }),
  me: describeRoute({
    method: "get",
    path: "/me",
    tags,
    summary: "Who is signed in",
    responses: { 200: jsonAnswer(schemas.Me, "The person behind the session") },
  }),
  createOrder: describeRoute({
    method: "post",
    path: "/orders",
    tags,
    summary: "Order a plan, or take up the unpaid order of the same plan",
    request: { body: jsonBody(schemas.CreateOrderInput) },
    responses: { 201: jsonAnswer(schemas.CreateOrderResult, "The order, and where to pay") },
  }),
  listOrders: describeRoute({
    method: "get",
    path: "/orders",
    tags,
    summary: "The organisation's orders, newest first",
    request: { query: PageInput },
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
  syncOrder: describeRoute({
    method: "post",
    path: "/orders/{orderId}/sync",
    tags,
    summary: "Ask the payment provider itself whether the order is paid",
    request: { params: params.order },
    responses: { 200: jsonAnswer(Order, "The order as it stands now") },
  }),
};

/** What the website knows. */
export function publicApi(hub: Hub) {
  const router = newRouter();
  router.use("*", personOf(hub));
  router.use("/orders/*", only("customer"));
  return router
    .openapi(routes.plans, (c) => c.json({ items: listPlans(), nextCursor: null }, 200))
    .openapi(routes.me, (c) => c.json(meOf(c.var.actor), 200))
    .openapi(routes.createOrder, async (c) =>
      c.json(await createOrder({ ctx: c.var.ctx, input: c.req.valid("json") }), 201),
    )
    .openapi(routes.listOrders, async (c) =>
      c.json(await listOrders({ ctx: c.var.ctx, input: c.req.valid("query") }), 200),
    )
    .openapi(routes.getOrder, async (c) => c.json(await getOrder({ ctx: c.var.ctx, input: c.req.valid("param") }), 200))
    .openapi(routes.syncOrder, async (c) =>
      c.json(await syncCheckout({ ctx: c.var.ctx, input: c.req.valid("param") }), 200),
    );
}
