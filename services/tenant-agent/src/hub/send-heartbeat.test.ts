import type { EgressReport, HeartbeatInput } from "@berth/contracts";
import { untilTrue } from "@berth/platform";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startTestMachine, type TestMachine } from "../testing/test-machine.ts";

vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });

let machine: TestMachine;
beforeEach(async () => {
  machine = await startTestMachine();
});
afterEach(() => machine.stop());

const heartbeat = (probe: (beat: HeartbeatInput) => boolean, what: string) =>
  untilTrue(() => machine.hub.seen.heartbeats.some(probe), { timeoutMs: 30_000, intervalMs: 20, what });

test("a heartbeat tells what the proxy refused, and that nothing is known while the proxy is away", async () => {
  await machine.startReady();
  const egress: EgressReport = {
    refusedTotal: 3,
    recent: [
      { host: "evil.example", client: "gateway", reason: "not_listed", count: 3, lastAt: "2026-11-21T08:00:00.000Z" },
    ],
  };
  machine.proxy.state.egress = egress;
  const told = (beat: HeartbeatInput) => JSON.stringify(beat.egress) === JSON.stringify(egress);
  expect(await heartbeat(told, "the refusals in a heartbeat")).toBe(true);
  await machine.proxy.close();
  expect(await heartbeat((beat) => beat.egress === null, "a heartbeat without the proxy")).toBe(true);
});
