import type { Hub } from "../hub.ts";
import { newRouter } from "../new-router.ts";

/**
 * What pages use of better-auth. Everything else that the library can do (organisations, invitations, sessions of other
 * devices, changes of a user) has no place in the product yet, so it has no address.
 */
export function authApi(hub: Hub) {
  const router = newRouter();
  router.on("POST", ["/sign-up/email", "/sign-in/email", "/sign-out"], (c) => hub.auth.handler(c.req.raw));
  router.get("/verify-email", (c) => hub.auth.handler(c.req.raw));
  return router;
}
