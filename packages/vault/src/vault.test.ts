import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { ManualClock, reveal } from "@berth/platform";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deriveKey, generateVaultKey, openEncryptedDatabase, openVault, readVaultKey, type Vault } from "./index.ts";

let dir: string;
let file: string;
let keyFile: string;
let clock: ManualClock;
let vault: Vault;
const bindings = { tools: ["run_command"], hosts: ["api.example.com"], methods: ["GET" as const] };
const entry = (name: string, value: string) => ({ name, value, owner: "customer" as const, bindings });
const value = "correct-horse-battery-7";

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "vault-"));
  file = join(dir, "vault.db");
  keyFile = join(dir, "key");
  writeFileSync(keyFile, `${generateVaultKey()}\n`);
  clock = new ManualClock();
  vault = openVault({ file, keyFile, clock });
});
afterEach(() => {
  vault.close();
  rmSync(dir, { recursive: true });
});

/** The same file, opened as somebody would who holds the key and wants to tamper. */
const tamper = (sql: string) => {
  const db = openEncryptedDatabase(file, deriveKey(readVaultKey(keyFile), "vault file"));
  db.exec(sql);
  db.close();
};

test("a secret comes back as a Secret that prints nothing, with its bindings, also after a restart", () => {
  vault.set(entry("api_key", value));
  vault.close();
  vault = openVault({ file, keyFile, clock });
  const secret = vault.get("api_key", "run_command");
  expect(reveal(secret)).toBe(value);
  expect(`${secret} ${JSON.stringify({ secret })} ${inspect(secret)}`).not.toContain(value);
  expect(vault.find("api_key")).toMatchObject({ version: 1, owner: "customer", bindings });
});

test("neither the value, nor its name, nor the sealed form of it can be read in the file", () => {
  vault.set(entry("very_telling_name", value));
  const bytes = Buffer.concat([readFileSync(file), readFileSync(`${file}-wal`)]);
  for (const text of [value, Buffer.from(value).toString("base64"), "very_telling_name", "SQLite format 3"])
    expect(bytes.includes(text)).toBe(false);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a wrong key fails cleanly and leaves the file usable with the right one", () => {
  vault.set(entry("api_key", value));
  vault.close();
  const wrongKeyFile = join(dir, "wrong");
  writeFileSync(wrongKeyFile, generateVaultKey());
  expect(() => openVault({ file, keyFile: wrongKeyFile })).toThrowError(
    expect.objectContaining({ code: "forbidden", message: expect.not.stringContaining(value) }),
  );
  vault = openVault({ file, keyFile, clock });
  expect(reveal(vault.get("api_key", "test"))).toBe(value);
});

test.each([
  ["missing", null, "unavailable"],
  ["too short", "c2hvcnQ", "invalid_input"],
  ["not base64url", "!".repeat(43), "invalid_input"],
])("a key file that is %s is refused", (_what, content, code) => {
  const bad = join(dir, "bad");
  if (content !== null) writeFileSync(bad, content);
  expect(() => readVaultKey(bad)).toThrowError(expect.objectContaining({ code }));
});

test("a ciphertext moved from one row to another does not open", () => {
  vault.set(entry("first", "first-value-1234"));
  vault.set(entry("second", "second-value-5678"));
  tamper("UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE name = 'second') WHERE name = 'first'");
  expect(() => vault.get("first", "test")).toThrowError(expect.objectContaining({ code: "internal" }));
  expect(reveal(vault.get("second", "test"))).toBe("second-value-5678");
});

test("a ciphertext of a former version does not open as the present one", () => {
  vault.set(entry("api_key", "old-value-12345"));
  vault.set(entry("api_key", "new-value-67890"));
  tamper("UPDATE secrets SET sealed = (SELECT sealed FROM former_values)");
  expect(() => vault.get("api_key", "test")).toThrowError(expect.objectContaining({ code: "internal" }));
});

test.each([
  ["short", "abc1234", "shorter than 8"],
  ["monotonous", "ababababababab", "fewer than 4 different"],
  ["holding NUL", "abcdefgh\0ijk", "NUL"],
  ["endless", "abcd".repeat(5000), "longer than 16384"],
])("a value that is %s is refused with the reason, and not repeated", (_what, bad, reason) => {
  const attempt = () => vault.set(entry("api_key", bad));
  expect(attempt).toThrowError(expect.objectContaining({ code: "invalid_input" }));
  expect(attempt).toThrowError(reason);
  expect(attempt).not.toThrowError(bad.slice(0, 64));
  expect(vault.list()).toEqual([]);
});

test("a name that SECRET_REF cannot hold is refused", () => {
  for (const name of ["Upper", "1st", "with space", "a)b", "x".repeat(64), ""])
    expect(() => vault.set(entry(name, value))).toThrowError(expect.objectContaining({ code: "invalid_input" }));
});

test("an unknown secret is not found, by name", () => {
  expect(() => vault.get("nothing", "test")).toThrowError('no secret named "nothing"');
});

test("rotation raises the version, keeps the time of making, and hands the former value to the matcher still", () => {
  vault.set(entry("api_key", "old-value-12345"));
  const made = vault.find("api_key")?.createdAt;
  clock.advance(60_000);
  vault.set(entry("api_key", "new-value-67890"));
  expect(vault.find("api_key")).toMatchObject({ version: 2, createdAt: made, rotatedAt: "2026-01-05T09:01:00.000Z" });
  expect(reveal(vault.get("api_key", "test"))).toBe("new-value-67890");
  const handed = vault.handOver("matcher").map((secret) => [secret.name, reveal(secret.value)]);
  expect(handed).toEqual([
    ["api_key", "new-value-67890"],
    ["api_key", "old-value-12345"],
  ]);
});

test("a removed secret is gone with its former values", () => {
  vault.set(entry("api_key", "old-value-12345"));
  vault.set(entry("api_key", "new-value-67890"));
  expect(vault.remove("api_key")).toBe(true);
  expect(vault.remove("api_key")).toBe(false);
  expect(vault.list()).toEqual([]);
  expect(vault.handOver("matcher")).toEqual([]);
});

test("an import is all or nothing, and repeating it changes nothing", () => {
  expect(() => vault.import([entry("good", value), entry("bad", "short")])).toThrowError("shorter than 8");
  expect(vault.list()).toEqual([]);
  vault.import([entry("good", value)]);
  vault.import([entry("good", value)]);
  expect(vault.list()).toMatchObject([{ name: "good", version: 1 }]);
});

test("each reveal leaves an audit row with its purpose and never the value, and the time of use", () => {
  vault.set(entry("api_key", value));
  clock.advance(5_000);
  vault.get("api_key", "http_request api.example.com");
  expect(vault.audit()).toMatchObject([
    { seq: 1, action: "set", name: "api_key" },
    { seq: 2, action: "reveal", name: "api_key", version: 1, purpose: "http_request api.example.com" },
  ]);
  expect(vault.find("api_key")?.lastUsedAt).toBe("2026-01-05T09:00:05.000Z");
  expect(JSON.stringify(vault.audit())).not.toContain(value);
});

test.each([
  ["changed", "UPDATE audit SET purpose = 'harmless' WHERE seq = 3", 3],
  ["removed", "DELETE FROM audit WHERE seq = 2", 2],
  ["cut off", "DELETE FROM audit WHERE seq >= 3", 3],
  ["put in", "INSERT INTO audit VALUES (9, 0, 'reveal', 'x', 1, '', '', '')", 5],
])("an audit row that was %s breaks the chain there", (_what, sql, brokenAt) => {
  vault.set(entry("api_key", value));
  for (let use = 0; use < 3; use += 1) vault.get("api_key", `use ${use}`);
  expect(vault.findAuditBreak()).toBeNull();
  tamper(sql);
  expect(vault.findAuditBreak()).toBe(brokenAt);
});
