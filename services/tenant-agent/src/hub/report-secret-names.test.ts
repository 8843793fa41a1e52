import { Readable } from "node:stream";
import { untilTrue } from "@berth/platform";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { plantedValue, startTestMachine, type TestMachine } from "../testing/test-machine.ts";
import { readValue } from "../vault-cli/read-value.ts";
import { runVaultCli } from "../vault-cli.ts";

vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });
let machine: TestMachine;
beforeEach(async () => {
  machine = await startTestMachine();
});
afterEach(() => machine.stop());

const cli = (argv: string[], value = "") =>
  runVaultCli({
    argv: ["--socket", machine.config.sockets.admin, ...argv],
    readSecret: (prompt) => readValue(Readable.from([value]), () => undefined, prompt),
  });
const reports = () => machine.hub.seen.secretNames;
const untilReported = (count: number) =>
  untilTrue(() => reports().length === count, { timeoutMs: 20_000, intervalMs: 20, what: `report ${count}` });

test("the Hub hears the names in the vault at the start and after each change, and never a value", async () => {
  await machine.startReady();
  await untilReported(1);
  expect(reports()[0]?.secrets).toEqual([
    { name: "api_key", owner: "customer", bound: true },
    { name: "llm_key", owner: "operator", bound: false },
    { name: "other_key", owner: "customer", bound: true },
  ]);
  await cli(["set", "shop"], "value-of-the-shop-1\n");
  await untilReported(2);
  expect(reports()[1]?.secrets).toContainEqual({ name: "shop", owner: "customer", bound: false });
  // A tool that sends requests, but to no host yet: each use still asks.
  await cli(["bind", "shop", "--tool", "http_request"]);
  await cli(["bind", "shop", "--tool", "http_request", "--host", "shop.example.com"]);
  await untilReported(3);
  expect(reports()[2]?.secrets).toContainEqual({ name: "shop", owner: "customer", bound: true });
  await cli(["remove", "shop"]);
  await untilReported(4);
  expect(JSON.stringify(reports())).not.toMatch(new RegExp(`value-of-the-shop|${plantedValue}`));
});

test("names that the Hub knows already are not sent again, and those it missed arrive when it is back", async () => {
  await machine.startReady();
  await untilReported(1);
  await cli(["rotate", "api_key"], "another-planted-value-2\n");
  machine.hub.setFault("down");
  await cli(["set", "late"], "value-that-came-late\n");
  await machine.stopAgent();
  machine.hub.setFault(null);
  await machine.startReady();
  await untilReported(2);
  expect(reports()[1]?.secrets.map(({ name }) => name)).toEqual(["api_key", "late", "llm_key", "other_key"]);
});
