import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TenantCommand } from "@berth/contracts";
import { createLogger, fail, systemClock } from "@berth/platform";
import { generateVaultKey } from "@berth/vault";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { z } from "zod";
import { type Ledger, openLedger } from "../ledger/open-ledger.ts";
import { createCommandInbox } from "./command-inbox.ts";
import type { HubClient } from "./hub-client.ts";

let dir: string;
let ledger: Ledger;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "inbox-"));
  ledger = openLedger({ file: join(dir, "ledger.db"), key: generateVaultKey(), clock: systemClock });
});
afterEach(() => {
  ledger.close();
  rmSync(dir, { recursive: true });
});

const policy = (seq: number, jws: string): TenantCommand => ({ seq, kind: "policy.update", jws });

/** An inbox whose Hub holds these commands; a bundle is accepted if it begins with `good`. */
function createScene(held: TenantCommand[]) {
  const accepted: string[] = [];
  const hub: HubClient = {
    call: async <T>(_method: string, path: string, answer: z.ZodType<T>) =>
      answer.parse(
        path.startsWith("/commands?") ? { commands: held.filter(({ seq }) => seq > Number(path.split("=")[1])) } : {},
      ),
    deliver: async () => ({ result: "delivered" }),
  };
  const inbox = createCommandInbox({
    ledger,
    hubKeys: () => [],
    hub: () => hub,
    deps: { log: createLogger({ service: "test", destination: { write: () => undefined } }) },
    handlers: {
      acceptPolicy: async (jws) => (jws.startsWith("good") ? accepted.push(jws) : fail("forbidden", "not ours")),
      words: {},
    },
  });
  return { inbox, accepted };
}

test("a forged command on the socket does not use up the number of the true one", async () => {
  const { inbox, accepted } = createScene([policy(1, "good 1")]);
  expect(await inbox.take(policy(1, "forged"))).toBe(1);
  expect(accepted).toEqual(["good 1"]);
});

test("a word of the Hub's own that is refused does not stand in the way of the next", async () => {
  const { inbox, accepted } = createScene([policy(1, "bad"), policy(2, "good 2")]);
  expect(await inbox.take(policy(1, "bad"))).toBe(2);
  expect(accepted).toEqual(["good 2"]);
});

test("a number far ahead is fetched for, not believed", async () => {
  const { inbox, accepted } = createScene([policy(1, "good 1")]);
  expect(await inbox.take(policy(1_000_000, "good forged"))).toBe(1);
  expect(accepted).toEqual(["good 1"]);
});
