import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { pruneTickets } from "../sweep/prune-tickets.ts";
import { as, customerActor, openTestHub, type TestHub } from "../testing/index.ts";
import { createTicket } from "./create-ticket.ts";
import { redeemTicket } from "./redeem-ticket.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub(inject("postgresUrl"));
});
afterAll(() => hub.close());

async function ticketOf() {
  const owner = await hub.world.addCustomer();
  const { tenantId } = await hub.world.addTenant(owner);
  const ctx = as(hub.ctx, customerActor(owner));
  return { owner, tenantId, ...(await createTicket({ ctx, input: { tenantId } })) };
}
const redeem = (ticket: string) => redeemTicket({ ctx: hub.ctx, input: { ticket } });
const refused = { code: "unauthenticated", publicMessage: "The ticket was not accepted. Open the page again." };

it("opens one link, for its person, organisation and tenant", async () => {
  const { owner, tenantId, ticket, url } = await ticketOf();
  expect(url).toBe(`ws://127.0.0.1:3002/portal?ticket=${ticket}`);
  const settled = await Promise.allSettled([redeem(ticket), redeem(ticket), redeem(ticket)]);
  const opened = settled.filter((one) => one.status === "fulfilled");
  expect(opened.map((one) => one.value)).toEqual([{ ...owner, tenantId }]);
  await expect(redeem(ticket)).rejects.toMatchObject(refused);
});

it("is worth nothing after a minute, to somebody who has left, and when nobody made it", async () => {
  const late = await ticketOf();
  hub.ctx.clock.advance(60_001);
  await expect(redeem(late.ticket)).rejects.toMatchObject(refused);
  const left = await ticketOf();
  await hub.db.member.deleteMany({ where: { userId: left.owner.userId } });
  await expect(redeem(left.ticket)).rejects.toMatchObject(refused);
  await expect(redeem("made-up")).rejects.toMatchObject(refused);
});

it("is not made for another organisation's tenant, and its text is nowhere in the database", async () => {
  const { tenantId, ticket } = await ticketOf();
  const stranger = as(hub.ctx, customerActor(await hub.world.addCustomer()));
  await expect(createTicket({ ctx: stranger, input: { tenantId } })).rejects.toMatchObject({ code: "not_found" });
  expect(JSON.stringify(await hub.db.realtimeTicket.findMany())).not.toContain(ticket);
});

it("is forgotten a day after its end, and not before", async () => {
  const old = await ticketOf();
  hub.ctx.clock.advance(24 * 3_600_000 + 60_001);
  const young = await ticketOf();
  await pruneTickets(hub.ctx);
  const kept = await hub.db.realtimeTicket.findMany({ select: { tenantId: true } });
  expect(kept).not.toContainEqual({ tenantId: old.tenantId });
  expect(kept).toContainEqual({ tenantId: young.tenantId });
});
