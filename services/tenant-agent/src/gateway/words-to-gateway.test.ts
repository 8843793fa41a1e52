import { untilTrue } from "@berth/platform";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { plantedValue, startTestMachine, type TestMachine } from "../testing/test-machine.ts";

// The self-test starts real processes; a busy machine takes its time.
vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });

let machine: TestMachine;
beforeEach(async () => {
  machine = await startTestMachine();
});
afterEach(() => machine.stop());

test("no word to the gateway holds a value, whichever way it comes: it stores tasks and prompts where no hook sees them", async () => {
  await machine.startReady();
  await machine.execute("schedule", {
    op: "add",
    name: "nightly",
    cron: "0 3 * * *",
    task: `use ${plantedValue} then`,
  });
  await machine.execute("delegate", { task: `log in with ${plantedValue}` });
  const said = (method: string) => machine.gateway.calls.find((call) => call.method === method);
  const [job, run] = await untilTrue(
    () => {
      const pair = [said("cron.add"), said("agent")] as const;
      return pair[0] && pair[1] ? pair : null;
    },
    { timeoutMs: 30_000, intervalMs: 20, what: "both calls" },
  );
  expect(JSON.stringify(job)).toContain("use SECRET_REF(api_key) then");
  expect(JSON.stringify(run)).toContain("log in with SECRET_REF(api_key)");
  expect(JSON.stringify(machine.gateway.calls)).not.toContain(plantedValue);
});
