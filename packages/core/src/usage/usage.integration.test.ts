import { TokenKind, type UsageBucket } from "@berth/contracts";
import { isoOf } from "@berth/platform";
import type { WorldTenant } from "@berth/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { absent, as, openTestHub, type TestHub } from "../testing/index.ts";
import { hourMs } from "./billing-period.ts";
import { getUsage } from "./get-usage.ts";
import { reconcileUsage } from "./reconcile-usage.ts";
import { recordUsage } from "./record-usage.ts";
import { reportUsage } from "./report-usage.ts";

/** The meter's own promise: an identifier counts once. */
class Meter {
  readonly events = new Map<string, { tokens: number; atMs: number; customerId: string }>();
  sent = 0;
  /** Set to make the next call fail, before or after the meter has counted it. */
  fault: "lost-request" | "lost-answer" | null = null;
  async reportMeterEvent(event: {
    customerId: string;
    tokens: number;
    identifier: string;
    atMs: number;
  }): Promise<void> {
    this.sent += 1;
    const { fault } = this;
    this.fault = null;
    if (fault === "lost-request") throw new Error("the meter was not reached");
    const known = this.events.get(event.identifier);
    if (known) expect(known).toMatchObject({ tokens: event.tokens, atMs: event.atMs });
    const { tokens, atMs, customerId } = event;
    this.events.set(event.identifier, { tokens, atMs, customerId });
    if (fault === "lost-answer") throw new Error("the meter's answer was lost");
  }
  async readMeterTotal(input: { customerId: string; fromMs: number; toMs: number }): Promise<number> {
    const own = [...this.events.values()].filter(
      (event) => event.customerId === input.customerId && event.atMs >= input.fromMs && event.atMs <= input.toMs,
    );
    return own.reduce((sum, event) => sum + event.tokens, 0);
  }
}

let hub: TestHub;
let tenant: WorldTenant;
const meter = new Meter();
beforeAll(async () => {
  const billing = new Proxy(absent("billing"), {
    get: (_, name) => (name in meter ? Reflect.get(meter, name).bind(meter) : Reflect.get(absent("billing"), name)),
  }); // the two methods that usage needs; every other one fails by name
  hub = await openTestHub(inject("postgresUrl"), { billing });
});
afterAll(() => hub.close());
beforeEach(async () => {
  tenant = await hub.world.addTenant(await hub.world.addCustomer());
  meter.events.clear();
  meter.sent = 0;
});

const thisHour = (): number => Math.floor(hub.ctx.clock.now() / hourMs) * hourMs;
const bucketOf = (tokens: number, hour = thisHour(), model = "claude", kind: TokenKind = "input"): UsageBucket => ({
  hour: isoOf(hour),
  agent: "main",
  provider: "anthropic",
  model,
  kind,
  tokens,
});
const record = (buckets: UsageBucket[]) =>
  recordUsage({ ctx: as(hub.ctx, { kind: "tenantAgent", tenantId: tenant.tenantId }), input: { buckets } });
const system = () => as(hub.ctx, { kind: "system", job: "usage.report" });
const report = () => reportUsage({ ctx: system(), input: { tenantId: tenant.tenantId } });
const reconcile = () => reconcileUsage({ ctx: system(), input: { tenantId: tenant.tenantId } });
const summary = () =>
  getUsage({
    ctx: as(hub.ctx, { kind: "staff", userId: "u", email: "s@example.com" }),
    input: { tenantId: tenant.tenantId },
  });
const metered = () => [...meter.events.values()].reduce((sum, event) => sum + event.tokens, 0);

describe("recordUsage", () => {
  it("ends in the same sums for any order and any repetition of what a growing ledger sent", async () => {
    const growth = fc.record({
      hour: fc.integer({ min: 0, max: 2 }),
      model: fc.constantFrom("claude", "gpt"),
      kind: fc.constantFrom(...TokenKind.options),
      tokens: fc.integer({ min: 0, max: 1_000_000 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(growth, { minLength: 1, maxLength: 25 }),
        fc.infiniteStream(fc.nat()),
        async (all, pick) => {
          tenant = await hub.world.addTenant(await hub.world.addCustomer());
          const sent = all.map(({ hour, model, kind, tokens }) =>
            bucketOf(tokens, thisHour() - hour * hourMs, model, kind),
          );
          const highest = new Map<string, number>();
          for (const bucket of sent) {
            const key = `${bucket.hour}|${bucket.model}|${bucket.kind}`;
            highest.set(key, Math.max(highest.get(key) ?? 0, bucket.tokens));
          }
          const shuffled = [...sent, ...sent].sort(() => ((pick.next().value ?? 0) % 2 === 0 ? 1 : -1));
          const half = Math.ceil(shuffled.length / 2);
          await Promise.all([record(shuffled.slice(0, half)), record(shuffled.slice(half))]);
          expect((await summary()).totalTokens).toBe([...highest.values()].reduce((sum, one) => sum + one, 0));
        },
      ),
      { numRuns: 25 },
    );
  });

  it("says by kind, model and hour what was used, of this period only", async () => {
    await hub.db.order.update({
      where: { id: tenant.orderId },
      data: {
        currentPeriodStart: new Date(thisHour() - 5 * hourMs + 600_000),
        currentPeriodEnd: new Date(thisHour() + 99 * hourMs),
      },
    });
    await record([
      bucketOf(10),
      bucketOf(3, thisHour(), "gpt", "cache_write"),
      bucketOf(5, thisHour() - 5 * hourMs, "gpt", "output"),
      bucketOf(1000, thisHour() - 6 * hourMs),
    ]);
    expect(await summary()).toMatchObject({
      totalTokens: 18,
      reportedTokens: 0,
      includedTokens: 5_000_000,
      byKind: { input: 10, output: 5, cache_read: 0, cache_write: 3 },
      byModel: [
        { model: "claude", tokens: 10 },
        { model: "gpt", tokens: 8 },
      ],
      byHour: [{ tokens: 5 }, { tokens: 13 }],
    });
  });

  it("refuses an hour that is none or lies in the future, naming the bucket", async () => {
    const wrong = record([bucketOf(1), bucketOf(1, thisHour() + 1), bucketOf(1, thisHour() + 5 * hourMs)]);
    await expect(wrong).rejects.toMatchObject({
      code: "invalid_input",
      errors: [{ path: "buckets.1.hour" }, { path: "buckets.2.hour" }],
    });
    expect((await summary()).totalTokens).toBe(0);
  });

  it("asks for a report only when a total went up", async () => {
    const jobs = () => hub.db.outboxMessage.count({ where: { job: "usage.report" } });
    const before = await jobs();
    expect(await record([bucketOf(7)])).toEqual({ changed: 1 });
    expect(await record([bucketOf(7), bucketOf(6)])).toEqual({ changed: 0 });
    expect(await record([])).toEqual({ changed: 0 });
    expect(await jobs()).toBe(before + 1);
  });
});

describe("reportUsage", () => {
  it("reports each token once, also when several jobs run at once and again", async () => {
    await record([bucketOf(100)]);
    await Promise.all([report(), report(), report()]);
    await record([bucketOf(150), bucketOf(7, thisHour(), "gpt")]);
    await report();
    await report();
    expect(metered()).toBe(157);
    expect(await reconcile()).toMatchObject({ hubTokens: 157, hubMinusReported: 0, reportedMinusMeter: 0 });
    expect((await summary()).reportedTokens).toBe(157);
  });

  it.each(["lost-request", "lost-answer"] as const)(
    "counts once across a crash between intent and call: %s",
    async (fault) => {
      await record([bucketOf(100)]);
      meter.fault = fault;
      await expect(report()).rejects.toThrow();
      expect(await reconcile()).toMatchObject({ reportedTokens: 0, hubMinusReported: 100 });
      await record([bucketOf(130)]);
      hub.ctx.clock.advance(60_000);
      await report();
      expect(metered()).toBe(130);
      expect([...meter.events.values()].map((event) => event.tokens)).toEqual([100, 30]);
      expect(await reconcile()).toMatchObject({ hubMinusReported: 0, reportedMinusMeter: 0 });
    },
  );

  it("sends what stands behind a report that the meter does not take", async () => {
    await record([bucketOf(100)]);
    meter.fault = "lost-request";
    await expect(report()).rejects.toThrow("the meter was not reached");
    await record([bucketOf(130)]);
    hub.ctx.clock.advance(60_000);
    meter.fault = "lost-request";
    await expect(report()).rejects.toThrow("the meter was not reached");
    expect(metered()).toBe(30);
    await report();
    expect(metered()).toBe(130);
  });

  it("dates tokens of a closed period that came late to its end, and repeats none when a period turns late", async () => {
    const start = thisHour();
    const period = (from: number) =>
      hub.db.order.update({
        where: { id: tenant.orderId },
        data: { currentPeriodStart: new Date(from), currentPeriodEnd: new Date(from + 10 * hourMs) },
      });
    await period(start);
    await record([bucketOf(100, start)]);
    await report();
    hub.ctx.clock.advance(12 * hourMs);
    await record([bucketOf(40, start + 11 * hourMs)]);
    await report();
    await period(start + 10 * hourMs);
    await report();
    expect(metered()).toBe(140);
    await record([bucketOf(125, start), bucketOf(45, start + 11 * hourMs)]);
    await report();
    expect(metered()).toBe(170);
    const dated = [...meter.events.values()].map((event) => event.atMs);
    expect(dated.filter((at) => at < start + 10 * hourMs)).toHaveLength(1);
    expect(await reconcile()).toMatchObject({ hubMinusReported: 0, reportedMinusMeter: 0 });
  });

  it("waits with a clear fault while the organisation has no customer at the payment provider", async () => {
    await hub.db.organization.update({ where: { id: tenant.organizationId }, data: { stripeCustomerId: null } });
    await report();
    await record([bucketOf(5)]);
    await expect(report()).rejects.toMatchObject({ code: "conflict" });
    expect(meter.sent).toBe(0);
  });
});
