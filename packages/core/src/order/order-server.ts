import { inTransaction, type Server } from "@berth/db";
import { recordAudit } from "../audit/record-audit.ts";
import type { Ctx } from "../context.ts";
import type { ProviderServer } from "../deps.ts";
import { planOf } from "../plan/plans.ts";
import { openKeyOf, sealKeyOf } from "./server-access.ts";
import type { OrderInWork } from "./steps/step.ts";

/** One name for one order, so that a provider that was asked twice has one server. */
const serverNameOf = (orderId: string): string => `berth-${orderId.replace(/^ord_/, "")}`;

/** Our row for the server, with its keys: written before the provider hears of it, so that no server is ever unknown. */
export async function ensureServerRow(ctx: Ctx, order: OrderInWork): Promise<Server> {
  if (order.server) return order.server;
  const id = ctx.ids.next("srv");
  const { hostKey, sshKey } = ctx.deps.provision.generateKeys();
  const now = new Date(ctx.clock.now());
  return inTransaction(ctx.db, async (tx) => {
    const server = await tx.server.create({
      data: {
        id,
        orderId: order.id,
        provider: ctx.deps.vps.name,
        name: serverNameOf(order.id),
        isolation: ctx.deps.vps.capabilities.isolation,
        hostPublicKey: hostKey.publicKey,
        provisioningPublicKey: sshKey.publicKey,
        sealedHostKey: sealKeyOf(ctx, id, "sealedHostKey", hostKey.privateKey),
        sealedProvisioningKey: sealKeyOf(ctx, id, "sealedProvisioningKey", sshKey.privateKey),
        createdAt: now,
        updatedAt: now,
      },
    });
    await recordAudit(tx, ctx, {
      action: "server.requested",
      entity: "server",
      entityId: id,
      organizationId: order.organizationId,
      details: { name: server.name, provider: server.provider },
    });
    return server;
  });
}

/** Asks the provider for the server (again: same name, same server) and keeps its id there before anything waits for it. */
export async function requestServer(ctx: Ctx, order: OrderInWork, server: Server): Promise<ProviderServer> {
  const hostKey = { privateKey: openKeyOf(ctx, server, "sealedHostKey"), publicKey: server.hostPublicKey };
  const { provision, vps } = ctx.deps;
  const made = await vps.createServer({
    name: server.name,
    ...planOf(order.planId).server,
    userData: provision.cloudInitUserData({ hostKey, authorizedKey: server.provisioningPublicKey }),
    labels: { order: order.id },
  });
  await ctx.db.server.update({
    where: { id: server.id },
    data: { providerServerId: made.id, ipv4: made.ipv4, status: "created", updatedAt: new Date(ctx.clock.now()) },
  });
  return made;
}
