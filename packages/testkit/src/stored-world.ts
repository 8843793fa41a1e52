import type { KeyObject } from "node:crypto";
import type { OrderId, OrderState, ServerId, TenantId } from "@berth/contracts";
import type { Db } from "@berth/db";
import { type Clock, generateSigningKey, type Ids, randomToken, sha256Hex, signRequest } from "@berth/platform";

export interface WorldCustomer {
  userId: string;
  email: string;
  organizationId: string;
}

export interface WorldTenant {
  tenantId: TenantId;
  orderId: OrderId;
  serverId: ServerId;
  organizationId: string;
  keyId: string;
  privateKey: KeyObject;
  publicKey: string;
}

/** Rows as the Hub itself would have written them, for tests that begin in the middle of a customer's way. */
export interface StoredWorld {
  addCustomer(name?: string): Promise<WorldCustomer>;
  /** A server and a tenant for the customer; enrolled unless told otherwise. */
  addTenant(customer: WorldCustomer, options?: { orderState?: OrderState; enrolled?: boolean }): Promise<WorldTenant>;
  /** The plain token; its hash is in the database. */
  addEnrolmentToken(tenant: WorldTenant, options?: { serverId?: string; lifetimeMs?: number }): Promise<string>;
  /** Headers (RFC 9421) of a request by this tenant's key. */
  sign(tenant: WorldTenant, request: { method: string; url: string; body?: string }): Record<string, string>;
}

export function createStoredWorld({ db, clock, ids }: { db: Db; clock: Clock; ids: Ids }): StoredWorld {
  return {
    addCustomer: (name = `Company ${randomToken(4)}`) => addCustomer(db, ids, name),
    addTenant: (customer, options = {}) => addTenant(db, clock, ids, customer, options),
    addEnrolmentToken: (tenant, options = {}) => addToken(db, clock, ids, tenant, options),
    sign: ({ keyId, privateKey }, request) => signRequest({ ...request, keyId, privateKey, clock }),
  };
}

async function addCustomer(db: Db, ids: Ids, name: string): Promise<WorldCustomer> {
  const email = `${randomToken(6)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "x")}@example.com`;
  const user = await db.user.create({ data: { id: ids.next("usr"), name, email, emailVerified: true } });
  const organization = await db.organization.create({
    data: { id: ids.next("org"), name, slug: ids.next("slug"), stripeCustomerId: `cus_${randomToken(8)}` },
  });
  const organizationId = organization.id;
  await db.member.create({ data: { id: ids.next("mem"), organizationId, userId: user.id, role: "owner" } });
  return { userId: user.id, email, organizationId };
}

async function addTenant(
  db: Db,
  clock: Clock,
  ids: Ids,
  { organizationId, userId }: WorldCustomer,
  { orderState = "ACTIVE", enrolled = true }: { orderState?: OrderState; enrolled?: boolean },
): Promise<WorldTenant> {
  const now = new Date(clock.now());
  const made = { createdAt: now, updatedAt: now };
  const [orderId, serverId, tenantId] = [ids.next("ord"), ids.next("srv"), ids.next("tnt")] as const;
  const { privateKey, publicKey } = generateSigningKey();
  const keyId = ids.next("key");
  await db.order.create({
    data: { id: orderId, organizationId, userId, planId: "starter", state: orderState, stateEnteredAt: now, ...made },
  });
  await db.server.create({
    data: {
      id: serverId,
      orderId,
      provider: "local",
      name: serverId,
      isolation: "machine",
      hostPublicKey: "ssh-ed25519 host",
      provisioningPublicKey: "ssh-ed25519 provisioning",
      ...made,
    },
  });
  await db.tenant.create({
    data: {
      id: tenantId,
      organizationId,
      orderId,
      serverId,
      name: "Office",
      planId: "starter",
      isolation: "machine",
      ...(enrolled ? { keyId, publicKey, enrolledAt: now } : {}),
      ...made,
    },
  });
  return { tenantId, orderId, serverId, organizationId, keyId, privateKey, publicKey };
}

async function addToken(
  db: Db,
  clock: Clock,
  ids: Ids,
  tenant: WorldTenant,
  { serverId = tenant.serverId, lifetimeMs = 15 * 60_000 }: { serverId?: string; lifetimeMs?: number },
): Promise<string> {
  const token = randomToken();
  const createdAt = new Date(clock.now());
  const expiresAt = new Date(clock.now() + lifetimeMs);
  const { tenantId } = tenant;
  await db.enrolmentToken.create({
    data: { id: ids.next("ent"), tenantId, serverId, tokenHash: sha256Hex(token), createdAt, expiresAt },
  });
  return token;
}
