import { ApprovalState, PageInput, pageOf, TenantId } from "@berth/contracts";
import {
  createTicket,
  decideApproval,
  getApproval,
  getTenant,
  getUsage,
  listApprovals,
  listTenants,
  openBillingPortal,
} from "@berth/core";
import { z } from "@hono/zod-openapi";
import { only, personOf } from "../actors.ts";
import { requireOwnOrigin } from "../browser-guard.ts";
import { describeRoute, jsonAnswer, jsonBody } from "../describe-route.ts";
import type { Hub } from "../hub.ts";
import { newRouter } from "../new-router.ts";
import { params, schemas } from "../schemas.ts";
import { portalSecrets } from "./portal-secrets.ts";

const tags = ["portal"];
const { Approval, RealtimeTicket, Tenant, UsageSummary } = schemas;

const routes = {
  listTenants: describeRoute({
    method: "get",
    path: "/tenants",
    tags,
    summary: "The organisation's agents' servers, newest first",
    request: { query: PageInput },
    responses: { 200: jsonAnswer(pageOf(Tenant), "A page of tenants") },
  }),
  getTenant: describeRoute({
    method: "get",
    path: "/tenants/{tenantId}",
    tags,
    summary: "One tenant",
    request: { params: params.tenant },
    responses: { 200: jsonAnswer(Tenant, "The tenant") },
  }),
  listApprovals: describeRoute({
    method: "get",
    path: "/tenants/{tenantId}/approvals",
    tags,
    summary: "Approvals of a tenant, newest first",
    request: { params: params.tenant, query: PageInput.extend({ state: ApprovalState.optional() }) },
    responses: { 200: jsonAnswer(pageOf(Approval), "A page of approvals") },
  }),
  getApproval: describeRoute({
    method: "get",
    path: "/approvals/{approvalId}",
    tags,
    summary: "One approval: what exactly would run",
    request: { params: params.approval },
    responses: { 200: jsonAnswer(Approval, "The approval") },
  }),
  decide: describeRoute({
    method: "post",
    path: "/approvals/{approvalId}/decision",
    tags,
    summary: "Approve or deny; the first word counts, a later one is answered 409",
    request: { params: params.approval, body: jsonBody(schemas.DecideApprovalInput) },
    responses: { 200: jsonAnswer(Approval, "The decided approval") },
  }),
  getUsage: describeRoute({
    method: "get",
    path: "/tenants/{tenantId}/usage",
    tags,
    summary: "Tokens used in the running billing period",
    request: { params: params.tenant },
    responses: { 200: jsonAnswer(UsageSummary, "The usage") },
  }),
  createTicket: describeRoute({
    method: "post",
    path: "/realtime-ticket",
    tags,
    summary: "A ticket that opens one WebSocket to a tenant, within a minute",
    request: { body: jsonBody(z.object({ tenantId: TenantId })) },
    responses: { 201: jsonAnswer(RealtimeTicket, "The ticket") },
  }),
  billingPortal: describeRoute({
    method: "post",
    path: "/billing-portal",
    tags,
    summary: "The payment provider's page for invoices, cards and cancelling",
    responses: { 200: jsonAnswer(z.object({ url: z.url() }), "Where to go") },
  }),
};

/** What a signed-in customer does. */
export function portalApi(hub: Hub) {
  const router = newRouter();
  router.use("*", requireOwnOrigin(hub.ctx.deps.config.hubUrl), personOf(hub), only("customer"));
  return router
    .openapi(routes.listTenants, async (c) =>
      c.json(await listTenants({ ctx: c.var.ctx, input: c.req.valid("query") }), 200),
    )
    .openapi(routes.getTenant, async (c) =>
      c.json(await getTenant({ ctx: c.var.ctx, input: c.req.valid("param") }), 200),
    )
    .openapi(routes.listApprovals, async (c) => {
      const input = { ...c.req.valid("param"), ...c.req.valid("query") };
      return c.json(await listApprovals({ ctx: c.var.ctx, input }), 200);
    })
    .openapi(routes.getApproval, async (c) =>
      c.json(await getApproval({ ctx: c.var.ctx, input: c.req.valid("param") }), 200),
    )
    .openapi(routes.decide, async (c) => {
      const input = { ...c.req.valid("param"), ...c.req.valid("json") };
      return c.json(await decideApproval({ ctx: c.var.ctx, input }), 200);
    })
    .openapi(routes.getUsage, async (c) => c.json(await getUsage({ ctx: c.var.ctx, input: c.req.valid("param") }), 200))
    .openapi(routes.createTicket, async (c) =>
      c.json(await createTicket({ ctx: c.var.ctx, input: c.req.valid("json") }), 201),
    )
    .openapi(routes.billingPortal, async (c) => c.json(await openBillingPortal({ ctx: c.var.ctx }), 200))
    .route("/", portalSecrets());
}
