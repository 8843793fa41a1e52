import { fail } from "@berth/platform";
import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import type { ApiEnv, Hub } from "./hub.ts";

/** The website is another origin than the Hub and signs people in with the Hub's cookie. */
export function websiteMayCall({ ctx }: Hub): MiddlewareHandler<ApiEnv> {
  return cors({
    origin: [new URL(ctx.deps.config.websiteUrl).origin],
    credentials: true,
    allowHeaders: ["content-type"],
    allowMethods: ["GET", "POST"],
    maxAge: 600,
  });
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Refuses a cookie that another site's page sent along: what changes something names the page it comes from. */
export function requireOwnOrigin(...origins: string[]): MiddlewareHandler<ApiEnv> {
  const allowed = new Set(origins.map((origin) => new URL(origin).origin));
  return async (c, next) => {
    const unsafe = !safeMethods.has(c.req.method) && c.req.header("cookie") !== undefined;
    if (unsafe && !allowed.has(c.req.header("origin") ?? "")) {
      fail("forbidden", "Requests that change something must come from Berth's own pages (Origin header).");
    }
    await next();
  };
}

/** Answers of the API are data: no browser shall run, frame, sniff or keep them. */
export const apiHeaders: MiddlewareHandler<ApiEnv> = async (c, next) => {
  c.header("cache-control", "no-store");
  await secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    crossOriginResourcePolicy: false, // the website reads answers across origins; CORS says who may
    xFrameOptions: "DENY",
    referrerPolicy: "no-referrer",
  })(c, next);
};
