import { fail } from "@berth/platform";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { apiHeaders, requireOwnOrigin, websiteMayCall } from "./browser-guard.ts";
import type { ApiEnv, Hub } from "./hub.ts";
import { newRouter } from "./new-router.ts";
import { openApiInfo } from "./open-api-info.ts";
import { problemResponse } from "./problem.ts";
import { requestLog } from "./request-log.ts";
import { adminApi } from "./routes/admin.ts";
import { authApi } from "./routes/auth.ts";
import { healthApi } from "./routes/health.ts";
import { portalApi } from "./routes/portal.ts";
import { publicApi } from "./routes/public.ts";
import { tenantApi } from "./routes/tenant.ts";
import { webhookApi } from "./routes/webhooks.ts";

const maxBodyBytes = 1024 * 1024;

/** The Hub's whole HTTP API; `app.fetch` answers a request. Next only passes requests on to it. */
export function createApi(hub: Hub): OpenAPIHono<ApiEnv> {
  const { hubUrl, websiteUrl } = hub.ctx.deps.config;
  const app = newRouter();
  app.onError((error, c) => problemResponse(c, error));
  app.notFound(() => fail("not_found", "There is no such address."));
  app.use("*", requestLog(hub), apiHeaders);
  app.use("*", bodyLimit({ maxSize: maxBodyBytes, onError: tooLarge }));
  app.use("/api/auth/*", websiteMayCall(hub));
  app.use("/api/public/*", websiteMayCall(hub), requireOwnOrigin(hubUrl, websiteUrl));
  app.route("/api", healthApi(hub));
  app.route("/api/auth", authApi(hub));
  app.route("/api/public/v1", publicApi(hub));
  app.route("/api/portal/v1", portalApi(hub));
  app.route("/api/admin/v1", adminApi(hub));
  app.route("/api/tenant/v1", tenantApi(hub));
  app.route("/api/webhooks", webhookApi(hub));
  app.doc31("/api/openapi.json", openApiInfo);
  return app;
}

const tooLarge = (): never => fail("payload_too_large", `The body is larger than the ${maxBodyBytes} bytes allowed.`);
