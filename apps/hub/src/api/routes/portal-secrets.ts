import { PageInput, pageOf } from "@berth/contracts";
import { dismissFoundSecret, keepFoundSecret, listFoundSecrets, listSecretNames } from "@berth/core";
import { z } from "@hono/zod-openapi";
import { describeRoute, jsonAnswer, jsonBody } from "../describe-route.ts";
import { newRouter } from "../new-router.ts";
import { params, schemas } from "../schemas.ts";

const tags = ["portal"];
const { FoundSecret, SecretNames } = schemas;

const routes = {
  listFound: describeRoute({
    method: "get",
    path: "/tenants/{tenantId}/found-secrets",
    tags,
    summary: "Values that a tenant's server found and its vault does not know, newest first; never the values",
    request: { params: params.tenant, query: PageInput.extend({ show: z.enum(["open", "settled"]).optional() }) },
    responses: { 200: jsonAnswer(pageOf(FoundSecret), "A page of found secrets") },
  }),
  keep: describeRoute({
    method: "post",
    path: "/found-secrets/{foundId}/keep",
    tags,
    summary: "Put it into the vault under this name, bound to nothing: each use asks",
    request: { params: params.foundSecret, body: jsonBody(schemas.KeepFoundSecretInput) },
    responses: { 200: jsonAnswer(FoundSecret, "The server is told") },
  }),
  dismiss: describeRoute({
    method: "post",
    path: "/found-secrets/{foundId}/dismiss",
    tags,
    summary: "Let the server forget it",
    request: { params: params.foundSecret },
    responses: { 200: jsonAnswer(FoundSecret, "The server is told") },
  }),
  listNames: describeRoute({
    method: "get",
    path: "/tenants/{tenantId}/secret-names",
    tags,
    summary: "The names of the secrets in a tenant's vault, as its server said last",
    request: { params: params.tenant },
    responses: { 200: jsonAnswer(SecretNames, "The names") },
  }),
};

/** The secrets of one tenant as far as the Hub knows them: what was found, and names. Part of the portal's API. */
export const portalSecrets = () =>
  newRouter()
    .openapi(routes.listFound, async (c) => {
      const input = { ...c.req.valid("param"), ...c.req.valid("query") };
      return c.json(await listFoundSecrets({ ctx: c.var.ctx, input }), 200);
    })
    .openapi(routes.keep, async (c) => {
      const input = { ...c.req.valid("param"), ...c.req.valid("json") };
      return c.json(await keepFoundSecret({ ctx: c.var.ctx, input }), 200);
    })
    .openapi(routes.dismiss, async (c) =>
      c.json(await dismissFoundSecret({ ctx: c.var.ctx, input: c.req.valid("param") }), 200),
    )
    .openapi(routes.listNames, async (c) =>
      c.json(await listSecretNames({ ctx: c.var.ctx, input: c.req.valid("param") }), 200),
    );
