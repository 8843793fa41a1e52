import { receiveStripeEvent } from "@berth/core";
import { z } from "@hono/zod-openapi";
import { asActor } from "../actors.ts";
import { describeRoute, jsonAnswer } from "../describe-route.ts";
import type { Hub } from "../hub.ts";
import { newRouter } from "../new-router.ts";

const stripe = describeRoute({
  method: "post",
  path: "/stripe",
  tags: ["webhooks"],
  summary: "Events of Stripe; the signature covers the raw body",
  responses: { 200: jsonAnswer(z.object({ result: z.enum(["stored", "duplicate"]) }), "Kept, to be worked later") },
});

/** What the outside tells us. The body stays unparsed: its signature is over the bytes. */
export function webhookApi(hub: Hub) {
  const router = newRouter();
  router.use("*", asActor(hub, { kind: "webhook", source: "stripe" }));
  return router.openapi(stripe, async (c) => {
    const rawBody = Buffer.from(await c.req.arrayBuffer());
    const result = await receiveStripeEvent({
      ctx: c.var.ctx,
      input: { rawBody, signature: c.req.header("stripe-signature") },
    });
    return c.json({ result }, 200);
  });
}
