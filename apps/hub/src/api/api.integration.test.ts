import { createApiClient } from "@berth/api-client";
import type { ApprovalId } from "@berth/contracts";
import { createDb } from "@berth/core";
import { generateSigningKey } from "@berth/platform";
import type { WorldTenant } from "@berth/testkit";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createApi } from "./app.ts";
import { type ApiWorld, createApiWorld } from "./testing/api-world.ts";
import { sampleApproval, sampleBucket, sampleEnrolment, sampleHeartbeat } from "./testing/sample-inputs.ts";

let world: ApiWorld;
let owner: Awaited<ReturnType<ApiWorld["signUp"]>>;
let staff: typeof owner;
let server: WorldTenant;
beforeAll(async () => {
  world = await createApiWorld(inject("postgresUrl"));
  owner = await world.signUp("owner@example.com");
  staff = await world.signUp("staff@example.com", { staff: true });
  server = await world.stored.addTenant(owner);
});
afterAll(() => world.close());

const heartbeatPath = "/api/tenant/v1/heartbeat";
const beat = () => JSON.stringify(sampleHeartbeat(world.clock.now()));
const signed = (body: string, path = heartbeatPath, method = "POST") =>
  world.stored.sign(server, { method, url: `${world.hub.config.hubUrl}${path}`, body });

async function newApproval(): Promise<ApprovalId> {
  const id = world.ids.next("apr");
  const body = sampleApproval(id, world.clock.now());
  const answer = await world.call({ method: "POST", path: "/api/tenant/v1/approvals", body }, world.keyOf(server));
  expect(answer.status).toBe(200);
  return id;
}

describe("a signed request", () => {
  it("is refused when its body was changed, when it is old, and when it is sent elsewhere", async () => {
    const body = beat();
    const headers = signed(body);
    const send = (change: object) => world.call({ method: "POST", path: heartbeatPath, body, headers, ...change });
    expect((await send({})).status).toBe(200);
    expect((await send({ body: `${body} ` })).status).toBe(401);
    expect((await send({ path: `${heartbeatPath}?x=1` })).status).toBe(401);
    expect((await send({ path: "/api/tenant/v1/usage", method: "PUT" })).status).toBe(401);
    world.clock.advance(301_000);
    expect((await send({})).status).toBe(401);
  });

  it("is refused when another tenant's key id stands over one's own signature", async () => {
    const other = await world.stored.addTenant(owner);
    const url = `${world.hub.config.hubUrl}${heartbeatPath}`;
    const body = beat();
    const headers = world.stored.sign({ ...other, keyId: server.keyId }, { method: "POST", url, body });
    const answer = await world.call({ method: "POST", path: heartbeatPath, body, headers });
    expect(answer).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
  });

  it("counts as one even if it arrives twice: usage and acknowledgements are totals", async () => {
    const body = JSON.stringify({ buckets: [sampleBucket(world.clock.now(), 9)] });
    const headers = signed(body, "/api/tenant/v1/usage", "PUT");
    const send = () => world.call({ method: "PUT", path: "/api/tenant/v1/usage", body, headers });
    expect((await send()).body).toEqual({ changed: 1 });
    expect((await send()).body).toEqual({ changed: 0 });
  });
});

describe("enrolment", () => {
  it("answers a lost answer again and everything else about a token in one wording", async () => {
    const fresh = await world.stored.addTenant(owner, { orderState: "PROVISIONING", enrolled: false });
    const token = await world.stored.addEnrolmentToken(fresh);
    const expired = await world.stored.addEnrolmentToken(fresh, { lifetimeMs: -1 });
    const key = generateSigningKey().publicKey;
    const enrol = (used: string, publicKey = key) =>
      world.call({ method: "POST", path: "/api/tenant/v1/enrol", body: sampleEnrolment(used, publicKey) });
    const first = await enrol(token);
    expect(first).toMatchObject({ status: 200, body: { tenantId: fresh.tenantId } });
    expect((await enrol(token)).body).toEqual(first.body);
    const refused = [
      await enrol(token, generateSigningKey().publicKey),
      await enrol(expired),
      await enrol("a-token-that-nobody-ever-made"),
    ];
    expect(
      new Set(refused.map(({ status, body }) => JSON.stringify([status, { ...(body as object), requestId: "" }]))).size,
    ).toBe(1);
    expect(refused[0]?.status).toBe(401);
  });
});

describe("a body", () => {
  const path = heartbeatPath;
  const big = JSON.stringify({ bootId: "x".repeat(1024 * 1024) });

  it("over one megabyte is refused, whether it says its length or not", async () => {
    const declared = await world.call({ method: "POST", path, body: big, headers: signed(big) });
    expect(declared).toMatchObject({ status: 413, body: { code: "payload_too_large" } });
    const stream = new Response(big).body;
    const url = `${world.hub.config.hubUrl}${path}`;
    const request = new Request(url, {
      method: "POST",
      body: stream,
      duplex: "half",
      headers: signed(big),
    } as RequestInit);
    expect((await world.api.fetch(request)).status).toBe(413);
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["nothing", ""],
    ["missing fields", "{}"],
  ])("of %s is refused as invalid input", async (_, body) => {
    const answer = await world.call({ method: "POST", path, body, headers: signed(body) });
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid_input", status: 422 } });
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
  });

  it("of another media type is refused, not taken for an empty one", async () => {
    const body = beat();
    const headers = { ...signed(body), "content-type": "text/plain" };
    expect((await world.call({ method: "POST", path, body, headers })).status).toBe(422);
  });

  it("names each field that is wrong", async () => {
    const body = JSON.stringify({ ...sampleHeartbeat(world.clock.now()), policyVersion: -1, bootId: 5 });
    const answer = await world.call({ method: "POST", path, body, headers: signed(body) });
    expect(answer.body).toMatchObject({ errors: [{ path: "bootId" }, { path: "policyVersion" }] });
  });

  it("with a character that cannot be stored is the sender's fault and not ours", async () => {
    const body = JSON.stringify({ ...sampleHeartbeat(world.clock.now()), bootId: "a\u0000b" });
    const answer = await world.call({ method: "POST", path, body, headers: signed(body) });
    expect(answer).toMatchObject({ status: 422, body: { detail: "Text must not hold the character U+0000." } });
  });
});

describe("a list", () => {
  it.each(["limit=0", "limit=101", "limit=many", "cursor=nonsense", "state=SOMETHING"])("refuses %s", async (query) => {
    const path = `/api/admin/v1/orders?${query}`;
    expect((await world.call({ method: "GET", path }, staff.credential)).status).toBe(422);
  });

  it("goes from page to page without a gap", async () => {
    const seen: string[] = [];
    let cursor = "";
    do {
      const path = `/api/admin/v1/tenants?limit=1${cursor ? `&cursor=${cursor}` : ""}`;
      const { body } = await world.call({ method: "GET", path }, staff.credential);
      const page = body as { items: { id: string }[]; nextCursor: string | null };
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor ?? "";
    } while (cursor);
    expect(seen).toHaveLength(await world.db.tenant.count());
    expect(seen).toEqual([...seen].sort().reverse());
  });

  it("refuses an id that is none", async () => {
    const answer = await world.call({ method: "GET", path: "/api/portal/v1/tenants/1" }, owner.credential);
    expect(answer.status).toBe(422);
  });
});

describe("a decision", () => {
  it("that comes second is answered 409, saying who decided", async () => {
    const path = `/api/portal/v1/approvals/${await newApproval()}/decision`;
    const decide = (decision: string) => world.call({ method: "POST", path, body: { decision } }, owner.credential);
    expect(await decide("denied")).toMatchObject({ status: 200, body: { state: "denied", argumentsRedacted: null } });
    const second = await decide("approved");
    expect(second).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect((second.body as { detail: string }).detail).toContain(`Already denied by ${owner.email}`);
  });

  it("must be one of two, with a note of bearable length", async () => {
    const path = `/api/portal/v1/approvals/${await newApproval()}/decision`;
    const decide = (body: object) => world.call({ method: "POST", path, body }, owner.credential);
    expect((await decide({ decision: "maybe" })).status).toBe(422);
    expect((await decide({ decision: "denied", note: "x".repeat(501) })).status).toBe(422);
  });
});

describe("a browser of another site", () => {
  const changing = { method: "POST", path: "/api/portal/v1/billing-portal" };

  it("cannot use the cookie to change anything, nor can one that hides where it comes from", async () => {
    const { cookie } = owner;
    const from = (headers: Record<string, string>) => world.call({ ...changing, headers: { cookie, ...headers } });
    const elsewhere: Record<string, string>[] = [{}, { origin: "null" }, { origin: "https://evil.example" }];
    for (const headers of elsewhere) {
      expect(await from(headers)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    }
    expect(await from({ origin: world.hub.config.websiteUrl })).toMatchObject({ status: 403 });
    expect((await from({ origin: world.hub.config.hubUrl })).status).toBe(409);
  });

  it("may read nothing; the website may, with the cookie, and only the public part", async () => {
    const { websiteUrl } = world.hub.config;
    const get = (path: string, origin: string) => world.call({ method: "GET", path, headers: { origin } });
    const open = await get("/api/public/v1/plans", websiteUrl);
    expect(open.headers.get("access-control-allow-origin")).toBe(websiteUrl);
    expect(open.headers.get("access-control-allow-credentials")).toBe("true");
    const evil = await get("/api/public/v1/plans", "https://evil.example");
    expect(evil.headers.get("access-control-allow-origin")).toBeNull();
    const portal = await get("/api/portal/v1/tenants", websiteUrl);
    expect(portal.headers.get("access-control-allow-origin")).toBeNull();
    const path = "/api/public/v1/orders";
    const headers = { origin: websiteUrl, "access-control-request-method": "POST" };
    expect((await world.call({ method: "OPTIONS", path, headers })).status).toBe(204);
  });

  it("gets answers that can be neither framed, sniffed nor kept", async () => {
    const { headers } = await world.call({ method: "GET", path: "/api/public/v1/me" });
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("x-request-id")).toMatch(/^req_[0-9a-f]{32}$/);
  });
});

describe("signing in", () => {
  it.each([
    "POST /organization/create",
    "POST /organization/update",
    "POST /organization/invite-member",
    "POST /organization/set-active",
    "GET /organization/get-full-organization?organizationId=ORGANIZATION",
    "GET /organization/list-members?organizationId=ORGANIZATION",
    "POST /update-user",
    "POST /change-email",
    "POST /delete-user",
    "GET /list-sessions",
    "GET /sign-in/email",
  ])("is all that the library's addresses are there for: %s is none", async (route) => {
    const stranger = await world.db.organization.findFirstOrThrow({ where: { id: { not: owner.organizationId } } });
    const [method = "", path = ""] = route.split(" ");
    const body = { organizationId: stranger.id, data: { name: "Taken over" }, isStaff: true, role: "owner", name: "x" };
    const answer = await world.call(
      { method, path: `/api/auth${path.replace("ORGANIZATION", stranger.id)}`, ...(method === "POST" ? { body } : {}) },
      owner.credential,
    );
    expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
  });

  it("ends with signing out: the cookie is nobody's afterwards", async () => {
    const { credential } = await world.signUp("leaving@example.com");
    const me = { method: "GET", path: "/api/public/v1/me" };
    expect((await world.call(me, credential)).status).toBe(200);
    expect((await world.call({ method: "POST", path: "/api/auth/sign-out", body: {} }, credential)).status).toBe(200);
    expect((await world.call(me, credential)).status).toBe(401);
  });
});

describe("Stripe's webhook", () => {
  const path = "/api/webhooks/stripe";
  const post = (rawBody: Buffer, signature: string) =>
    world.call({ method: "POST", path, body: rawBody.toString(), headers: { "stripe-signature": signature } });

  it("is taken once, and refused when a byte or the time does not fit", async () => {
    const event = world.hub.stripeEvent({ objectId: "cs_test_1" });
    expect(await post(event.rawBody, event.signature)).toMatchObject({ status: 200, body: { result: "stored" } });
    expect(await post(event.rawBody, event.signature)).toMatchObject({ status: 200, body: { result: "duplicate" } });
    expect(await world.db.outboxMessage.count({ where: { job: "stripe.event" } })).toBe(1);
    const other = world.hub.stripeEvent({ objectId: "cs_test_2" });
    const tampered = Buffer.from(other.rawBody.toString().replace("cs_test_2", "cs_test_3"));
    expect((await post(tampered, other.signature)).status).toBe(401);
    expect((await post(other.rawBody, event.signature)).status).toBe(401);
    world.clock.advance(301_000);
    expect((await post(other.rawBody, other.signature)).status).toBe(401);
  });
});

it("is spoken by the generated client, answers and problems alike", async () => {
  const client = createApiClient({
    baseUrl: world.hub.config.hubUrl,
    fetch: async (request) => world.api.fetch(request),
    headers: owner.credential({ method: "GET", url: "", body: "" }),
  });
  const tenants = await client.GET("/api/portal/v1/tenants", { params: { query: { limit: 100 } } });
  expect(tenants.data?.items.map((tenant) => tenant.id)).toContain(server.tenantId);
  const params = { path: { tenantId: world.ids.next("tnt") } };
  const missing = await client.GET("/api/portal/v1/tenants/{tenantId}", { params });
  expect(missing.error).toMatchObject({ status: 404, code: "not_found" });
});

describe("the process", () => {
  it("is alive without its database, but not ready, and says nothing of the reason", async () => {
    const nowhere = createDb({ url: "postgresql://nobody@127.0.0.1:1/none" });
    const api = createApi({ ctx: { ...world.hub.system(), db: nowhere }, auth: {} as never }); // no route of a person is asked
    const get = (path: string) => api.fetch(new Request(`${world.hub.config.hubUrl}${path}`));
    expect((await get("/api/healthz")).status).toBe(200);
    const ready = await get("/api/readyz");
    expect(ready.status).toBe(503);
    expect(await ready.text()).not.toContain("127.0.0.1");
    await nowhere.$disconnect();
  });

  it("answers an unknown address with a problem", async () => {
    const answer = await world.call({ method: "GET", path: "/api/portal/v2/tenants" });
    expect(answer).toMatchObject({
      status: 404,
      body: { code: "not_found", type: expect.stringContaining("not_found") },
    });
  });

  it("serves the document that is committed", async () => {
    const answer = await world.call({ method: "GET", path: "/api/openapi.json" });
    const { default: committed } = await import("../../../../docs/api/openapi.json", { with: { type: "json" } });
    expect(answer.body).toEqual(committed);
  });
});
