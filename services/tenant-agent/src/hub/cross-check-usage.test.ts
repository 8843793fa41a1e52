import { ManualClock } from "@berth/platform";
import { beforeEach, expect, test } from "vitest";
import { createUsageCrossCheck } from "./cross-check-usage.ts";

const settings = new Map<string, string>();
const ledger = {
  readSetting: (name: string) => settings.get(name) ?? null,
  writeSetting: (name: string, value: string) => void settings.set(name, value),
};
let logged: unknown[] = [];
const clock = new ManualClock(Date.UTC(2026, 10, 30, 23, 0));
const log = { error: (facts: unknown) => void logged.push(facts) };
const open = () => createUsageCrossCheck(ledger, { clock, log });
const counted = (tokens: number) => [{ agent: "main", model: "m", kind: "input" as const, tokens }];

beforeEach(() => {
  settings.clear();
  logged = [];
});

test("equal counts, and a proxy that counted broken-off calls too, agree", () => {
  const check = open();
  check.add(counted(1_000_000));
  expect(check.compare({ tokensThisMonth: 1_000_000 })).toBe(true);
  expect(check.compare({ tokensThisMonth: 1_200_000 })).toBe(true);
  expect(logged).toEqual([]);
});

test("a gateway that used clearly more than passed the proxy is found, also after a restart of the agent", () => {
  open().add(counted(1_000_000));
  expect(open().compare({ tokensThisMonth: 500_000 })).toBe(false);
  expect(logged).toEqual([{ gatewayTokens: 1_000_000, proxyTokens: 500_000 }]);
});

test("a new month starts from nothing", () => {
  open().add(counted(1_000_000));
  clock.advance(2 * 3_600_000);
  expect(open().compare({ tokensThisMonth: 0 })).toBe(true);
});
