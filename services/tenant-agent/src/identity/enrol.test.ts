import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentConfig } from "@berth/contracts";
import { ManualClock, reveal } from "@berth/platform";
import { createKeyFile, openVault } from "@berth/vault";
import { fetch } from "undici";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLedger } from "../ledger/open-ledger.ts";
import { startTestHub, type TestHub } from "../testing/test-hub.ts";
import { enrol, readEnrolment } from "./enrol.ts";
import { importSeed } from "./import-seed.ts";
import { loadIdentity } from "./load-identity.ts";
import { wipeFile } from "./wipe-file.ts";

const tenantId = `tnt_${"a".repeat(32)}` as const;
const token = "one-time-token-1234567890";
let dir: string;
let hub: TestHub;
let key: Uint8Array;
const at = (name: string) => join(dir, name);
const clock = new ManualClock(Date.now());

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "enrol-"));
  hub = await startTestHub({ clock, tenantId, token });
  key = createKeyFile(at("key"));
  writeFileSync(at("token"), `${token}\n`);
});
afterEach(async () => {
  await hub.close();
  rmSync(dir, { recursive: true });
});

const config = (): AgentConfig =>
  AgentConfig.parse({
    tenantId,
    isolation: "process",
    hubUrl: hub.url,
    realtimeUrl: hub.realtimeUrl,
    hubKeys: [hub.key],
    stateDir: dir,
    workspaceDir: dir,
    vaultKeyFile: at("key"),
    gatewayTokenFile: at("none"),
    enrolmentTokenFile: at("token"),
    vaultSeedFile: at("seed"),
    sockets: { wrapper: "w", egress: "e", admin: "a", proxyControl: "p" },
    gatewayUrl: "http://127.0.0.1:1",
    forwardProxyUrl: "http://127.0.0.1:1",
    commandRunner: { kind: "socket", path: "c" },
    llm: {},
  });

/** One life of the agent, as far as enrolling goes. */
async function enrolOnce(change: Partial<AgentConfig> = {}) {
  const ledger = openLedger({ file: at("ledger.db"), key, clock });
  const versions = () => ({ agent: "1", egressProxy: null, safetyWrapper: null, openclaw: null, node: "v24" });
  try {
    const identity = loadIdentity(at("identity.key"));
    return await enrol({ config: { ...config(), ...change }, identity, ledger, versions, deps: { fetch } });
  } finally {
    ledger.close();
  }
}

test("the key is on disk, whole and 0600, before the Hub hears of it", async () => {
  hub.setFault("down");
  await expect(enrolOnce()).rejects.toMatchObject({ code: "unavailable" });
  expect(statSync(at("identity.key")).mode & 0o777).toBe(0o600);
  expect(existsSync(at("token"))).toBe(true);
  const key = readFileSync(at("identity.key"), "utf8");
  hub.setFault(null);
  await enrolOnce();
  expect(readFileSync(at("identity.key"), "utf8")).toBe(key);
  expect(existsSync(at("token"))).toBe(false);
});

test("killed after the call and before the answer was stored: the same key enrols again", async () => {
  hub.loseNextAnswer();
  await expect(enrolOnce()).rejects.toMatchObject({ code: "unavailable" });
  expect(await enrolOnce()).toMatchObject({ tenantId });
  expect(new Set(hub.seen.enrolments.map(({ publicKey }) => publicKey)).size).toBe(1);
});

test("killed before the token was wiped: it is wiped at the next start, without another call", async () => {
  await enrolOnce();
  writeFileSync(at("token"), token);
  await enrolOnce();
  expect(hub.seen.enrolments).toHaveLength(1);
  expect(existsSync(at("token"))).toBe(false);
});

test("a used or foreign token is refused, and kept for the operator to look at", async () => {
  writeFileSync(at("token"), "another-token-1234567890");
  await expect(enrolOnce()).rejects.toMatchObject({ code: "unauthenticated" });
  expect(existsSync(at("token"))).toBe(true);
});

test("a Hub that calls this machine by another tenant's name is refused", async () => {
  await expect(enrolOnce({ tenantId: `tnt_${"b".repeat(32)}` })).rejects.toMatchObject({ code: "unauthenticated" });
  const ledger = openLedger({ file: at("ledger.db"), key, clock });
  expect(readEnrolment(ledger)).toBeNull();
  ledger.close();
});

test("no token and no enrolment is said in words", async () => {
  wipeFile(at("token"));
  await expect(enrolOnce()).rejects.toThrow("has no enrolment token");
});

test("a wiped file is overwritten before it is removed", () => {
  writeFileSync(at("once"), "very secret text");
  const spare = at("spare");
  // A second name of the same inode shows what became of the bytes.
  linkSync(at("once"), spare);
  wipeFile(at("once"));
  expect(existsSync(at("once"))).toBe(false);
  expect(readFileSync(spare)).toEqual(Buffer.alloc("very secret text".length));
  wipeFile(at("once"));
});

/** As provisioning wrote it before bindings had methods. */
const seed = {
  secrets: [
    { name: "api_key", value: "seeded-value-1234", owner: "customer", bindings: { tools: ["run_command"], hosts: [] } },
  ],
};

test("the seed is taken once; a crash before the wipe is harmless", () => {
  const vault = openVault({ file: at("vault.db"), keyFile: at("key"), clock });
  for (let life = 0; life < 2; life += 1) {
    writeFileSync(at("seed"), JSON.stringify(seed));
    importSeed(at("seed"), vault);
    expect(existsSync(at("seed"))).toBe(false);
  }
  expect(vault.list()).toMatchObject([{ name: "api_key", version: 1 }]);
  expect(reveal(vault.get("api_key", "test"))).toBe("seeded-value-1234");
  expect(importSeed(at("seed"), vault)).toBe(0);
  vault.close();
});

test("a seed that is not as it should be is kept, and its values are not in the error", () => {
  const vault = openVault({ file: at("vault.db"), keyFile: at("key"), clock });
  for (const text of [
    '{"secrets":[{"name":"a","value":"seeded-value-1234"',
    '{"secrets":[{"value":"seeded-value-1234"}]}',
  ]) {
    writeFileSync(at("seed"), text);
    expect(() => importSeed(at("seed"), vault)).toThrowError(
      expect.objectContaining({ code: "invalid_input", message: expect.not.stringContaining("seeded-value") }),
    );
    expect(existsSync(at("seed"))).toBe(true);
  }
  expect(vault.list()).toEqual([]);
  vault.close();
});
