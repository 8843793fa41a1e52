import { createAuth } from "@berth/core";
import { createHubWorld } from "@berth/core/testing";
import { createLogger, secretOf } from "@berth/platform";
import { createStoredWorld, type WorldTenant } from "@berth/testkit";
import { createApi } from "../app.ts";

export interface ApiRequest {
  method: string;
  path: string;
  /** JSON unless it is a string, which is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** Adds what proves who is asking. */
export type Credential = (request: { method: string; url: string; body: string }) => Record<string, string>;

export const anonymous: Credential = () => ({});
const password = "a good long password";

/** The API as it is served, on a real database, with real sessions and the Stripe emulator behind it. */
export async function createApiWorld(postgresUrl: string) {
  const hub = await createHubWorld(postgresUrl);
  const log = createLogger({ service: "test", level: "silent" });
  const { deps, ...platform } = hub.system();
  const { db, clock, ids } = platform;
  const auth = createAuth({
    db,
    clock,
    ids,
    log,
    mailer: hub.mailer,
    secret: secretOf("a secret of more than thirty-two characters"),
    hubUrl: hub.config.hubUrl,
    trustedOrigins: [hub.config.websiteUrl],
  });
  const api = createApi({ ctx: { ...platform, deps, log }, auth });
  const stored = createStoredWorld({ db, clock, ids });
  let address = 0;

  async function call(request: ApiRequest, who: Credential = anonymous): Promise<Answer> {
    const url = `${hub.config.hubUrl}${request.path}`;
    const body = typeof request.body === "string" ? request.body : JSON.stringify(request.body ?? undefined);
    const { method } = request;
    address += 1; // sign-in is limited per address
    const headers = {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      "x-forwarded-for": `10.0.${Math.floor(address / 250)}.${address % 250}`,
      ...who({ method, url, body: body ?? "" }),
      ...request.headers,
    };
    const response = await api.fetch(new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }));
    const text = await response.text();
    const json = response.headers.get("content-type")?.includes("json") ?? false;
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  }

  const withCookie =
    (cookie: string, origin = hub.config.hubUrl): Credential =>
    () => ({ cookie, origin });

  /** Signs up, confirms the address and signs in, over HTTP as a browser would. */
  async function signUp(email: string, { staff = false } = {}) {
    const headers = { origin: hub.config.hubUrl };
    const auth = (path: string, body: object) => call({ method: "POST", path: `/api/auth${path}`, body, headers });
    await auth("/sign-up/email", { email, password, name: email });
    await db.user.update({ where: { email }, data: { emailVerified: true, isStaff: staff } });
    const answer = await auth("/sign-in/email", { email, password });
    if (answer.status !== 200) throw new Error(`signing in was answered ${answer.status}`);
    const cookie = answer.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ");
    const user = await db.user.findUniqueOrThrow({ where: { email }, include: { members: true } });
    const organizationId = user.members[0]?.organizationId ?? "";
    return { userId: user.id, email, organizationId, cookie, credential: withCookie(cookie) };
  }

  const keyOf =
    (tenant: WorldTenant): Credential =>
    ({ method, url, body }) =>
      stored.sign(tenant, { method, url, body });

  return { hub, db, clock: hub.clock, ids, api, stored, call, signUp, withCookie, keyOf, close: () => hub.close() };
}

export type ApiWorld = Awaited<ReturnType<typeof createApiWorld>>;
