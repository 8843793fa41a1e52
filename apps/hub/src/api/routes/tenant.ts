import { ApprovalId, FoundSecretId } from "@berth/contracts";
import {
  acknowledgeCommands,
  enrol,
  listCommands,
  recordFoundOutcome,
  recordFoundSecret,
  recordHeartbeat,
  recordOutcome,
  recordRequest,
  recordSecretNames,
  recordUsage,
} from "@berth/core";
import { z } from "@hono/zod-openapi";
import { asActor, serverOf } from "../actors.ts";
import { describeRoute, jsonAnswer, jsonBody } from "../describe-route.ts";
import type { Hub } from "../hub.ts";
import { newRouter } from "../new-router.ts";
import { params, schemas } from "../schemas.ts";

const tags = ["tenant"];
const kept = { description: "Kept" };

const routes = {
  enrol: describeRoute({
    method: "post",
    path: "/enrol",
    tags,
    summary: "Trade a one-time token for an identity; the same token and key get the same answer again",
    request: { body: jsonBody(schemas.EnrolInput) },
    responses: { 200: jsonAnswer(schemas.EnrolResult, "The identity") },
  }),
  heartbeat: describeRoute({
    method: "post",
    path: "/heartbeat",
    tags,
    summary: "Facts about the server and its gate",
    request: { body: jsonBody(schemas.HeartbeatInput) },
    responses: { 200: jsonAnswer(schemas.HeartbeatResult, "What waits") },
  }),
  usage: describeRoute({
    method: "put",
    path: "/usage",
    tags,
    summary: "Hourly totals; sending them again changes nothing",
    request: { body: jsonBody(schemas.ReportUsageInput) },
    responses: { 200: jsonAnswer(z.object({ changed: z.int() }), "How many totals are new or went up") },
  }),
  approval: describeRoute({
    method: "post",
    path: "/approvals",
    tags,
    summary: "A call that waits for the customer's word",
    request: { body: jsonBody(schemas.ReportApprovalInput) },
    responses: { 200: jsonAnswer(z.object({ approvalId: ApprovalId }), "Kept") },
  }),
  outcome: describeRoute({
    method: "post",
    path: "/approvals/{approvalId}/outcome",
    tags,
    summary: "What became of an approval on the server",
    request: { params: params.approval, body: jsonBody(schemas.ReportApprovalOutcomeInput) },
    responses: { 204: kept },
  }),
  found: describeRoute({
    method: "post",
    path: "/found-secrets",
    tags,
    summary: "A value that looks like a secret and that the vault does not know: its looks, never the value",
    request: { body: jsonBody(schemas.ReportFoundSecretInput) },
    responses: { 200: jsonAnswer(z.object({ foundId: FoundSecretId }), "Kept") },
  }),
  foundOutcome: describeRoute({
    method: "post",
    path: "/found-secrets/{foundId}/outcome",
    tags,
    summary: "What became of a found value on the server",
    request: { params: params.foundSecret, body: jsonBody(schemas.ReportFoundSecretOutcomeInput) },
    responses: { 204: kept },
  }),
  secretNames: describeRoute({
    method: "post",
    path: "/secret-names",
    tags,
    summary: "The names of the secrets in the vault, all of them, after each change",
    request: { body: jsonBody(schemas.ReportSecretNamesInput) },
    responses: { 204: kept },
  }),
  commands: describeRoute({
    method: "get",
    path: "/commands",
    tags,
    summary: "Signed commands after a sequence number, in order",
    request: { query: z.object({ after: z.coerce.number().int().min(0).max(2_147_483_647).default(0) }) },
    responses: { 200: jsonAnswer(schemas.ListCommandsResult, "The commands") },
  }),
  acknowledge: describeRoute({
    method: "post",
    path: "/commands/ack",
    tags,
    summary: "Every command up to this number is stored on the server",
    request: { body: jsonBody(schemas.AcknowledgeCommandsInput) },
    responses: { 204: kept },
  }),
};

/** What a customer's server says and asks. Every request but the enrolment is signed with the server's own key. */
export function tenantApi(hub: Hub) {
  const router = newRouter();
  const signed = serverOf(hub);
  router.use("/enrol", asActor(hub, { kind: "anonymous" }));
  router.use("*", (c, next) => (c.var.ctx ? next() : signed(c, next)));
  return router
    .openapi(routes.enrol, async (c) => c.json(await enrol({ ctx: c.var.ctx, input: c.req.valid("json") }), 200))
    .openapi(routes.heartbeat, async (c) =>
      c.json(await recordHeartbeat({ ctx: c.var.ctx, input: c.req.valid("json") }), 200),
    )
    .openapi(routes.usage, async (c) => c.json(await recordUsage({ ctx: c.var.ctx, input: c.req.valid("json") }), 200))
    .openapi(routes.approval, async (c) =>
      c.json(await recordRequest({ ctx: c.var.ctx, input: c.req.valid("json") }), 200),
    )
    .openapi(routes.outcome, async (c) => {
      const input = { ...c.req.valid("param"), outcome: c.req.valid("json") };
      await recordOutcome({ ctx: c.var.ctx, input });
      return c.body(null, 204);
    })
    .openapi(routes.found, async (c) =>
      c.json(await recordFoundSecret({ ctx: c.var.ctx, input: c.req.valid("json") }), 200),
    )
    .openapi(routes.foundOutcome, async (c) => {
      await recordFoundOutcome({ ctx: c.var.ctx, input: { ...c.req.valid("param"), outcome: c.req.valid("json") } });
      return c.body(null, 204);
    })
    .openapi(routes.secretNames, async (c) => {
      await recordSecretNames({ ctx: c.var.ctx, input: c.req.valid("json") });
      return c.body(null, 204);
    })
    .openapi(routes.commands, async (c) =>
      c.json(await listCommands({ ctx: c.var.ctx, input: c.req.valid("query") }), 200),
    )
    .openapi(routes.acknowledge, async (c) => {
      await acknowledgeCommands({ ctx: c.var.ctx, input: c.req.valid("json") });
      return c.body(null, 204);
    });
}
