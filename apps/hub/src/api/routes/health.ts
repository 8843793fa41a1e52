import { checkReadiness } from "@berth/core";
import { z } from "@hono/zod-openapi";
import { describeRoute, jsonAnswer } from "../describe-route.ts";
import type { Hub } from "../hub.ts";
import { newRouter } from "../new-router.ts";

const Ok = z.object({ ok: z.literal(true) });
const healthz = describeRoute({
  method: "get",
  path: "/healthz",
  tags: ["health"],
  summary: "The process is alive; nothing else is asked",
  responses: { 200: jsonAnswer(Ok, "Alive") },
});
const readyz = describeRoute({
  method: "get",
  path: "/readyz",
  tags: ["health"],
  summary: "The process can serve: its database answers",
  responses: { 200: jsonAnswer(Ok, "Ready") },
});

export function healthApi({ ctx }: Hub) {
  return newRouter()
    .openapi(healthz, (c) => c.json({ ok: true as const }, 200))
    .openapi(readyz, async (c) => {
      await checkReadiness({ ctx: { ...ctx, actor: c.var.actor } });
      return c.json({ ok: true as const }, 200);
    });
}
