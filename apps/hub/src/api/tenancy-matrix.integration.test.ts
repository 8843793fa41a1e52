import type { ApprovalId, FoundSecretId, OrderId, TenantId } from "@berth/contracts";
import { generateSigningKey } from "@berth/platform";
import type { WorldTenant } from "@berth/testkit";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openApiDocument } from "./open-api-document.ts";
import { type ApiRequest, type ApiWorld, anonymous, type Credential, createApiWorld } from "./testing/api-world.ts";
import {
  sampleApproval,
  sampleBucket,
  sampleEnrolment,
  sampleFoundSecret,
  sampleHeartbeat,
} from "./testing/sample-inputs.ts";

/** What a case acts on: always the owner's, made anew for each case. */
interface Fixture {
  tenantId: TenantId;
  orderId: OrderId;
  approvalId: ApprovalId;
  foundId: FoundSecretId;
  enrolmentToken: string;
  now: number;
}
const askers = ["anonymous", "owner", "stranger", "staff", "ownServer", "otherServer"] as const;
type Asker = (typeof askers)[number];

interface Row {
  request(fixture: Fixture): Omit<ApiRequest, "method" | "path"> & { path?: string };
  expected: Record<Asker, number>;
}

const forAnybody = (status = 200): Row["expected"] => ({
  anonymous: status,
  owner: status,
  stranger: status,
  staff: status,
  ownServer: status,
  otherServer: status,
});
/** A key of a server is no session, a session is no key: each is a stranger on the other's side. */
const forCustomers = (own: number, foreign: number): Row["expected"] => ({
  ...forAnybody(401),
  owner: own,
  stranger: foreign,
  staff: 403,
});
const forStaff: Row["expected"] = { ...forAnybody(401), owner: 403, stranger: 403, staff: 200 };
const forServers = (own: number, foreign: number): Row["expected"] => ({
  ...forAnybody(401),
  ownServer: own,
  otherServer: foreign,
});
const nothing = () => ({});

/** One row a route; a route of the OpenAPI document without one fails below. */
const rows: Record<string, Row> = {
  "GET /api/healthz": { request: nothing, expected: forAnybody() },
  "GET /api/readyz": { request: nothing, expected: forAnybody() },
  "GET /api/public/v1/plans": { request: nothing, expected: forAnybody() },
  "GET /api/public/v1/me": { request: nothing, expected: { ...forCustomers(200, 200), staff: 200 } },
  "POST /api/public/v1/orders": {
    request: () => ({ body: { planId: "starter" } }),
    // Both have an agent already, and nobody gets a second one.
    expected: forCustomers(409, 409),
  },
  "GET /api/public/v1/orders": { request: nothing, expected: forCustomers(200, 200) },
  "GET /api/public/v1/orders/{orderId}": { request: nothing, expected: forCustomers(200, 404) },
  "POST /api/public/v1/orders/{orderId}/sync": { request: nothing, expected: forCustomers(200, 404) },
  "GET /api/portal/v1/tenants": { request: nothing, expected: forCustomers(200, 200) },
  "GET /api/portal/v1/tenants/{tenantId}": { request: nothing, expected: forCustomers(200, 404) },
  "GET /api/portal/v1/tenants/{tenantId}/approvals": { request: nothing, expected: forCustomers(200, 404) },
  "GET /api/portal/v1/approvals/{approvalId}": { request: nothing, expected: forCustomers(200, 404) },
  "POST /api/portal/v1/approvals/{approvalId}/decision": {
    request: () => ({ body: { decision: "approved" } }),
    expected: forCustomers(200, 404),
  },
  "GET /api/portal/v1/tenants/{tenantId}/found-secrets": { request: nothing, expected: forCustomers(200, 404) },
  "POST /api/portal/v1/found-secrets/{foundId}/keep": {
    request: () => ({ body: { name: "github" } }),
    expected: forCustomers(200, 404),
  },
  "POST /api/portal/v1/found-secrets/{foundId}/dismiss": { request: nothing, expected: forCustomers(200, 404) },
  "GET /api/portal/v1/tenants/{tenantId}/secret-names": { request: nothing, expected: forCustomers(200, 404) },
  "GET /api/portal/v1/tenants/{tenantId}/usage": { request: nothing, expected: forCustomers(200, 404) },
  "POST /api/portal/v1/realtime-ticket": {
    request: ({ tenantId }) => ({ body: { tenantId } }),
    expected: forCustomers(201, 404),
  },
  "POST /api/portal/v1/billing-portal": { request: nothing, expected: forCustomers(409, 409) },
  "GET /api/admin/v1/orders": { request: nothing, expected: forStaff },
  "GET /api/admin/v1/orders/{orderId}": { request: nothing, expected: forStaff },
  "POST /api/admin/v1/orders/{orderId}/retry": { request: nothing, expected: forStaff },
  "GET /api/admin/v1/tenants": { request: nothing, expected: forStaff },
  "GET /api/admin/v1/audit": { request: nothing, expected: forStaff },
  "POST /api/tenant/v1/enrol": {
    request: ({ enrolmentToken }) => ({ body: sampleEnrolment(enrolmentToken, generateSigningKey().publicKey) }),
    expected: forAnybody(),
  },
  "POST /api/tenant/v1/heartbeat": {
    request: ({ now }) => ({ body: sampleHeartbeat(now) }),
    expected: forServers(200, 200),
  },
  "PUT /api/tenant/v1/usage": {
    request: ({ now }) => ({ body: { buckets: [sampleBucket(now)] } }),
    expected: forServers(200, 200),
  },
  "POST /api/tenant/v1/approvals": {
    request: ({ approvalId, now }) => ({ body: sampleApproval(approvalId, now) }),
    expected: forServers(200, 404),
  },
  "POST /api/tenant/v1/approvals/{approvalId}/outcome": {
    request: ({ now }) => ({ body: { kind: "closed", state: "cancelled", closedAt: new Date(now).toISOString() } }),
    expected: forServers(204, 404),
  },
  "POST /api/tenant/v1/found-secrets": {
    request: ({ foundId, now }) => ({ body: sampleFoundSecret(foundId, now) }),
    expected: forServers(200, 404),
  },
  "POST /api/tenant/v1/found-secrets/{foundId}/outcome": {
    request: ({ now }) => ({ body: { kind: "dismissed", at: new Date(now).toISOString() } }),
    expected: forServers(204, 404),
  },
  "POST /api/tenant/v1/secret-names": {
    request: ({ now }) => ({ body: { secrets: [], at: new Date(now).toISOString() } }),
    expected: forServers(204, 204),
  },
  "GET /api/tenant/v1/commands": { request: nothing, expected: forServers(200, 200) },
  "POST /api/tenant/v1/commands/ack": { request: () => ({ body: { upToSeq: 1 } }), expected: forServers(204, 204) },
  "POST /api/webhooks/stripe": { request: () => ({ body: { id: "evt_1" } }), expected: forAnybody(401) },
};

let world: ApiWorld;
let owner: Awaited<ReturnType<ApiWorld["signUp"]>>;
let stranger: typeof owner;
let staff: typeof owner;
let ownServer: WorldTenant;
let otherServer: WorldTenant;

beforeAll(async () => {
  world = await createApiWorld(inject("postgresUrl"));
  owner = await world.signUp("owner@example.com");
  stranger = await world.signUp("stranger@example.com");
  staff = await world.signUp("staff@example.com", { staff: true });
  ownServer = await world.stored.addTenant(owner);
  otherServer = await world.stored.addTenant(stranger);
});
afterAll(() => world.close());

const credentialOf = (asker: Asker): Credential =>
  ({
    anonymous,
    owner: owner.credential,
    stranger: stranger.credential,
    staff: staff.credential,
    ownServer: world.keyOf(ownServer),
    otherServer: world.keyOf(otherServer),
  })[asker];

async function makeFixture(): Promise<Fixture> {
  const now = world.clock.now();
  const { tenantId } = ownServer;
  const failed = await world.stored.addTenant(owner, { orderState: "FAILED", enrolled: false });
  await world.db.order.update({ where: { id: failed.orderId }, data: { failedFrom: "SERVER_REQUESTED" } });
  const approvalId = world.ids.next("apr");
  const body = sampleApproval(approvalId, now);
  await world.call({ method: "POST", path: "/api/tenant/v1/approvals", body }, world.keyOf(ownServer));
  const foundId = world.ids.next("fnd");
  const found = sampleFoundSecret(foundId, now);
  await world.call({ method: "POST", path: "/api/tenant/v1/found-secrets", body: found }, world.keyOf(ownServer));
  const enrolmentToken = await world.stored.addEnrolmentToken(failed);
  return { tenantId, orderId: failed.orderId, approvalId, foundId, enrolmentToken, now };
}

const fill = (template: string, fixture: Fixture): string =>
  template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(fixture[name as keyof Fixture]));

const document = openApiDocument();
const routes = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  ["get", "post", "put", "patch", "delete"]
    .filter((method) => item !== undefined && method in item)
    .map((method) => `${method.toUpperCase()} ${path}`),
);

it("has a row for every route, and no row for a route that is gone", () => {
  expect(Object.keys(rows).sort()).toEqual([...routes].sort());
});

function ask(route: string, asker: Asker, fixture: Fixture) {
  const [method = "", template = ""] = route.split(" ");
  const row = rows[route];
  return world.call({ method, path: fill(template, fixture), ...row?.request(fixture) }, credentialOf(asker));
}

describe.each(Object.entries(rows))("%s", (route, row) => {
  it.each(askers)("answers %s as it should", async (asker) => {
    const answer = await ask(route, asker, await makeFixture());
    expect(answer.status, JSON.stringify(answer.body)).toBe(row.expected[asker]);
  });
});

// These are reported under an id of the server's own making: there an unknown one is simply new.
const ownIds = ["POST /api/tenant/v1/approvals", "POST /api/tenant/v1/found-secrets"];
const routesWithIds = Object.entries(rows).filter(
  ([route, row]) => Object.values(row.expected).includes(404) && !ownIds.includes(route),
);

it.each(routesWithIds)("%s says of a foreign id what it says of an unknown one", async (route, row) => {
  const asker = askers.find((one) => row.expected[one] === 404) ?? "stranger";
  const fixture = await makeFixture();
  const { ids } = world;
  // Made with the prefixes that the schemas ask for.
  const unknown = {
    tenantId: ids.next("tnt"),
    orderId: ids.next("ord"),
    approvalId: ids.next("apr"),
    foundId: ids.next("fnd"),
  } as Fixture;
  const foreign = await ask(route, asker, fixture);
  const missing = await ask(route, asker, { ...fixture, ...unknown });
  expect(foreign.body).toMatchObject({ status: 404, code: "not_found" });
  expect({ ...(missing.body as object), requestId: "" }).toEqual({ ...(foreign.body as object), requestId: "" });
});
