import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argumentsSha256, createIds, createLogger, ManualClock, reveal } from "@berth/platform";
import { createKeyFile, fingerprintOf, generateVaultKey, settleKeyFile, stageNextKey } from "@berth/vault";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openState } from "./open-state.ts";

const clock = new ManualClock();
const ids = createIds(clock);
let dir: string;
const keyFile = () => join(dir, "key");
const open = () =>
  openState(
    { stateDir: join(dir, "state"), vaultKeyFile: keyFile(), vaultSeedFile: join(dir, "none") },
    { clock, ids, log: createLogger({ service: "test", level: "silent" }) },
  );
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "state-"));
  createKeyFile(keyFile());
});
afterEach(() => rmSync(dir, { recursive: true }));

const args = { command: "rm -rf old" };
/** A state with a secret and a parked call, whose arguments are sealed. */
function openFilled() {
  const state = open();
  const bindings = { tools: ["run_command"], hosts: [], methods: [] };
  state.vault.set({ name: "api_key", value: "correct-horse-7", owner: "customer", bindings });
  const id = ids.next("apr");
  const call = { id, agent: "main", sessionKey: "s", tool: "run_command", origin: "person" as const };
  const [argumentsHash, expiresAt] = [argumentsSha256(args), clock.now() + 1000];
  state.store.insert({ ...call, argumentsSha256: argumentsHash, expiresAt }, args);
  return { state, id };
}
const holdsAll = (state: ReturnType<typeof open>, id: string) => {
  expect(reveal(state.vault.get("api_key", "test"))).toBe("correct-horse-7");
  expect(state.store.argumentsOf(id)).toEqual(args);
};

test("a rekey takes vault and ledger along, sealed arguments of parked calls too, without a restart and over one", () => {
  const { state, id } = openFilled();
  const next = generateVaultKey();
  stageNextKey(keyFile(), next);
  state.rekey(next);
  holdsAll(state, id);
  settleKeyFile(keyFile(), fingerprintOf(next));
  state.close();
  const again = open();
  holdsAll(again, id);
  again.close();
});

test("a rekey that broke off when only the vault was switched is finished at the next start", () => {
  const { state, id } = openFilled();
  const next = generateVaultKey();
  stageNextKey(keyFile(), next);
  const [vault, ledger] = [state.vault.rekeying(next), state.ledger.rekeying(next)];
  vault.stage();
  ledger.stage();
  vault.commit();
  state.vault.close();
  const again = open();
  expect(again.vault.keyFingerprint()).toBe(fingerprintOf(next));
  holdsAll(again, id);
  again.close();
  settleKeyFile(keyFile(), fingerprintOf(next));
  const last = open();
  holdsAll(last, id);
  last.close();
  expect(readdirSync(join(dir, "state")).filter((name) => name.includes(".next"))).toEqual([]);
});

test("a rekey that broke off before the vault was switched is taken back at the next start", () => {
  const { state, id } = openFilled();
  const before = state.vault.keyFingerprint();
  const next = generateVaultKey();
  stageNextKey(keyFile(), next);
  state.vault.rekeying(next).stage();
  state.ledger.rekeying(next).stage();
  const again = open();
  expect(again.vault.keyFingerprint()).toBe(before);
  holdsAll(again, id);
  again.close();
});
