import { ApprovalId } from "@berth/contracts";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createHubWorld, type HubWorld } from "../testing/hub-world.ts";
import { notifyApproval } from "./notify-approval.ts";

let world: HubWorld;
beforeAll(async () => {
  world = await createHubWorld(inject("postgresUrl"));
});
afterAll(() => world.close());

async function waitingApproval() {
  const { actor } = await world.customer();
  const { organizationId } = actor;
  const now = new Date(world.clock.now());
  const stamps = { createdAt: now, updatedAt: now };
  const order = await world.db.order.create({
    data: {
      id: world.ids.next("ord"),
      organizationId,
      userId: actor.userId,
      planId: "starter",
      stateEnteredAt: now,
      ...stamps,
    },
  });
  const server = await world.db.server.create({
    data: {
      id: world.ids.next("srv"),
      orderId: order.id,
      provider: "fake",
      name: order.id,
      isolation: "process",
      hostPublicKey: "",
      provisioningPublicKey: "",
      ...stamps,
    },
  });
  const tenant = await world.db.tenant.create({
    data: {
      id: world.ids.next("tnt"),
      organizationId,
      orderId: order.id,
      serverId: server.id,
      name: "A tenant",
      planId: "starter",
      isolation: "process",
      ...stamps,
    },
  });
  const approvalId = ApprovalId.parse(world.ids.next("apr"));
  await world.db.approvalRequest.create({
    data: {
      id: approvalId,
      tenantId: tenant.id,
      organizationId,
      agent: "main",
      sessionKey: "main",
      tool: "run_command",
      argumentsRedacted: { command: "rm -r private-folder" },
      argumentsSha256: "0".repeat(64),
      actClass: "red",
      reason: "It deletes files.",
      blastRadius: "The workspace",
      reversible: false,
      createdAt: now,
      expiresAt: new Date(world.clock.now() + 1000),
      receivedAt: now,
    },
  });
  return { approvalId, email: actor.email };
}

const mailsTo = (email: string) => world.mailer.sent.filter((mail) => mail.to === email);

test("the people of the organisation hear of it once, with a link that decides nothing and without the arguments", async () => {
  const { approvalId, email } = await waitingApproval();
  await notifyApproval({ ctx: world.system(), input: { approvalId } });
  await notifyApproval({ ctx: world.system(), input: { approvalId } });
  const [mail, ...more] = mailsTo(email);
  expect(more).toEqual([]);
  expect(mail?.text).toContain(`/approvals#${approvalId}`);
  expect(mail?.text).not.toContain("private-folder");
});

test("what was decided before the mail went out is not told", async () => {
  const { approvalId, email } = await waitingApproval();
  await world.db.approvalRequest.update({ where: { id: approvalId }, data: { state: "denied" } });
  await notifyApproval({ ctx: world.system(), input: { approvalId } });
  expect(mailsTo(email)).toEqual([]);
});
