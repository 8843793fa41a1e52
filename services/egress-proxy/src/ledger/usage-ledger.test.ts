import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "@berth/platform";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { noTokens, openUsageLedger } from "./usage-ledger.ts";

let folder: string;
let clock: ManualClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-"));
  clock = new ManualClock(Date.UTC(2026, 0, 31, 23, 59, 59));
});
afterEach(() => rmSync(folder, { recursive: true }));

const call = (callId: string, reserved: number, agent = "main") => ({
  callId,
  agent,
  provider: "openai",
  model: "gpt-x",
  reserved,
  fallback: { ...noTokens, input: 7 },
});

it("books a call once, however often it is settled and the ledger opened", () => {
  const counts = { input: 1, output: 2, cache_read: 3, cache_write: 0 };
  for (let round = 0; round < 3; round += 1) {
    const ledger = openUsageLedger(folder, clock);
    if (round === 0) ledger.reserve(call("call_1", 100), null);
    ledger.settle("call_1", counts, false);
    ledger.settle("call_1", { ...counts, input: 999 }, true);
    ledger.settle("call_unknown", counts, false);
    expect(ledger.usage(null).buckets.map(({ kind, tokens }) => [kind, tokens])).toEqual([
      ["cache_read", 3],
      ["input", 1],
      ["output", 2],
    ]);
    ledger.close();
  }
});

it("puts a call into the hour and month in which it ended, by UTC", () => {
  const ledger = openUsageLedger(folder, clock);
  ledger.reserve(call("call_1", 10), null);
  ledger.settle("call_1", { ...noTokens, input: 5 }, false);
  ledger.reserve(call("call_2", 10), null);
  clock.advance(1000);
  ledger.settle("call_2", { ...noTokens, input: 6 }, false);
  expect(ledger.usage(null).buckets.map(({ hour, tokens }) => [hour, tokens])).toEqual([
    ["2026-01-31T23:00:00.000Z", 5],
    ["2026-02-01T00:00:00.000Z", 6],
  ]);
  expect(ledger.usage(null).tokensThisMonth).toBe(6);
  expect(ledger.usage("2026-02-01T00:00:00.000Z").buckets).toHaveLength(1);
  ledger.close();
});

it("keeps reservations and bookings together within the budget, in any order of calls and ends", () => {
  const step = fc.record({ reserved: fc.integer({ min: 1, max: 60 }), used: fc.nat(100), ends: fc.boolean() });
  let run = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 0, max: 200 }), (steps, budget) => {
      const place = mkdtempSync(join(folder, "run-"));
      const ledger = openUsageLedger(place, clock);
      run += 1;
      const open: { callId: string; used: number }[] = [];
      steps.forEach(({ reserved, used, ends }, index) => {
        const callId = `call_${run}_${index}`;
        if (ledger.reserve(call(callId, reserved), budget)) open.push({ callId, used: Math.min(used, reserved) });
        const ended = ends ? open.shift() : undefined;
        if (ended) ledger.settle(ended.callId, { ...noTokens, output: ended.used }, false);
        expect(ledger.usage(null).tokensThisMonth).toBeLessThanOrEqual(budget);
      });
      for (const { callId, used } of open) ledger.settle(callId, { ...noTokens, output: used }, false);
      expect(ledger.usage(null).tokensThisMonth).toBeLessThanOrEqual(budget);
      ledger.close();
    }),
    { numRuns: 40 },
  );
});
