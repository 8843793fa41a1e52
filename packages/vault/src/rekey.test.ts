import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reveal } from "@berth/platform";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  deriveKey,
  type EncryptedDatabase,
  fingerprintOf,
  generateVaultKey,
  openEncryptedDatabase,
  readVaultKeys,
  rekeyTogether,
  settleKeyFile,
  settleRekey,
  stageNextKey,
  vaultFilePurpose,
} from "./index.ts";
import { createVaultLab, entry, type VaultLab, value } from "./testing/vault-lab.ts";

let lab: VaultLab;
let other: string;
const otherPurpose = "ledger file";
beforeEach(() => {
  lab = createVaultLab();
  other = join(lab.dir, "other.db");
});
afterEach(() => lab.remove());

const files = () => [
  { file: lab.file, purpose: vaultFilePurpose },
  { file: other, purpose: otherPurpose },
];
const opens = (file: string, purpose: string, key: Uint8Array): boolean => {
  try {
    openEncryptedDatabase(file, deriveKey(key, purpose)).close();
    return true;
  } catch {
    return false;
  }
};
const openOther = (key: Uint8Array): EncryptedDatabase => openEncryptedDatabase(other, deriveKey(key, otherPurpose));
function makeOther(key: Uint8Array): EncryptedDatabase {
  const db = openOther(key);
  db.exec("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('kept')");
  return db;
}
const presentKey = (): Buffer => readVaultKeys(lab.keyFile)[0] ?? Buffer.alloc(0);

test("after a rekey the vault opens with the new key only, holds what it held, and goes on working without a restart", () => {
  const vault = lab.open();
  vault.set(entry("api_key", "old-value-12345"));
  vault.rotate("api_key", value);
  const [old, next] = [presentKey(), generateVaultKey()];
  const oldSealed = readFileSync(lab.file);
  stageNextKey(lab.keyFile, next);
  rekeyTogether([vault.rekeying(next)]);
  expect(vault.keyFingerprint()).toBe(fingerprintOf(next));
  expect(reveal(vault.get("api_key", "after"))).toBe(value);
  vault.rotate("api_key", "newest-value-777");
  expect(vault.audit().map(({ action }) => action)).toEqual(["set", "rotate", "rekey", "reveal", "rotate"]);
  settleKeyFile(lab.keyFile, vault.keyFingerprint());
  lab.close();
  expect([opens(lab.file, vaultFilePurpose, old), opens(lab.file, vaultFilePurpose, next)]).toEqual([false, true]);
  expect(
    lab
      .open()
      .handOver("test")
      .map((secret) => reveal(secret.value)),
  ).toEqual(["newest-value-777", "old-value-12345", value]);
  expect(lab.open().verify()).toMatchObject({ auditBrokenAt: null, unopened: [], damaged: false });
  expect(readdirSync(lab.dir).filter((name) => name.includes(".next"))).toEqual([]);
  expect(readFileSync(lab.file).subarray(0, 4096)).not.toEqual(oldSealed.subarray(0, 4096));
});

test("the values inside are sealed anew too: an old value key opens none of them", () => {
  const vault = lab.open();
  vault.set(entry("api_key", value));
  const sealedBefore = lab.withFile((db) => db.prepare("SELECT sealed FROM secrets").get());
  const next = generateVaultKey();
  stageNextKey(lab.keyFile, next);
  rekeyTogether([lab.open().rekeying(next)]);
  settleKeyFile(lab.keyFile, fingerprintOf(next));
  expect(lab.withFile((db) => db.prepare("SELECT sealed FROM secrets").get())).not.toEqual(sealedBefore);
  lab.withFile((db) => db.prepare("UPDATE secrets SET sealed = ?").run((sealedBefore as { sealed: string }).sealed));
  expect(() => lab.open().get("api_key", "test")).toThrowError("did not open");
});

describe("vault and another file are rekeyed together:", () => {
  test("both, when all goes well", () => {
    const [old, next] = [presentKey(), generateVaultKey()];
    const db = makeOther(old);
    lab.open().set(entry("api_key", value));
    stageNextKey(lab.keyFile, next);
    rekeyTogether([lab.open().rekeying(next), db.rekeying(deriveKey(next, otherPurpose), () => undefined)]);
    expect(db.prepare("SELECT text FROM notes").get()).toEqual({ text: "kept" });
    db.close();
    expect(reveal(lab.open().get("api_key", "test"))).toBe(value);
    lab.close();
    for (const { file, purpose } of files())
      expect([opens(file, purpose, old), opens(file, purpose, next)]).toEqual([false, true]);
  });

  test("neither, when one cannot be made; both go on working", () => {
    const [old, next] = [presentKey(), generateVaultKey()];
    const db = makeOther(old);
    lab.open().set(entry("api_key", value));
    stageNextKey(lab.keyFile, next);
    const failing = db.rekeying(deriveKey(next, otherPurpose), () => {
      throw new Error("no room");
    });
    expect(() => rekeyTogether([lab.open().rekeying(next), failing])).toThrowError("no room");
    expect(reveal(lab.open().get("api_key", "test"))).toBe(value);
    expect(lab.open().keyFingerprint()).toBe(fingerprintOf(old));
    expect(db.prepare("SELECT text FROM notes").get()).toEqual({ text: "kept" });
    db.close();
    lab.close();
    for (const { file, purpose } of files())
      expect([opens(file, purpose, old), opens(file, purpose, next)]).toEqual([true, false]);
    expect(readdirSync(lab.dir).filter((name) => name.includes(".next"))).toEqual([]);
  });

  test("broken off between the two switches, the next start finishes it", () => {
    const [old, next] = [presentKey(), generateVaultKey()];
    const db = makeOther(old);
    lab.open().set(entry("api_key", value));
    stageNextKey(lab.keyFile, next);
    const [first, second] = [lab.open().rekeying(next), db.rekeying(deriveKey(next, otherPurpose), () => undefined)];
    first.stage();
    second.stage();
    first.commit();
    lab.close();
    expect([opens(other, otherPurpose, old), existsSync(`${other}.next`)]).toEqual([true, true]);
    expect(settleRekey({ keyFile: lab.keyFile, files: files() })).toEqual(next);
    for (const { file, purpose } of files())
      expect([opens(file, purpose, old), opens(file, purpose, next)]).toEqual([false, true]);
    const again = openOther(next);
    expect(again.prepare("SELECT text FROM notes").get()).toEqual({ text: "kept" });
    again.close();
    expect(reveal(lab.open().get("api_key", "test"))).toBe(value);
  });

  test("broken off before the first switch, the next start takes it back", () => {
    const [old, next] = [presentKey(), generateVaultKey()];
    makeOther(old).close();
    lab.open().set(entry("api_key", value));
    lab.close();
    // What a crash after staging leaves: whole copies under the next key.
    for (const { file, purpose } of files()) {
      copyFileSync(file, join(lab.dir, "spare.db"));
      const spare = openEncryptedDatabase(join(lab.dir, "spare.db"), deriveKey(old, purpose));
      const part = spare.rekeying(deriveKey(next, purpose), () => undefined);
      part.stage();
      copyFileSync(join(lab.dir, "spare.db.next"), `${file}.next`);
      part.abandon();
      spare.close();
    }
    stageNextKey(lab.keyFile, next);
    expect(settleRekey({ keyFile: lab.keyFile, files: files() })).toEqual(old);
    expect(readdirSync(lab.dir).filter((name) => name.endsWith(".next"))).toEqual([]);
    expect(reveal(lab.open().get("api_key", "test"))).toBe(value);
  });
});

test("a half-written copy is dropped, with one key in the key file and with two", () => {
  lab.open().set(entry("api_key", value));
  for (const two of [false, true]) {
    lab.close();
    writeFileSync(`${lab.file}.next`, Buffer.alloc(5000, 9));
    writeFileSync(`${lab.file}.next-journal`, "rest");
    if (two) stageNextKey(lab.keyFile, generateVaultKey());
    expect(reveal(lab.open().get("api_key", "test"))).toBe(value);
    expect(readdirSync(lab.dir).filter((name) => name.includes(".next"))).toEqual([]);
  }
});

test("two keys of which neither opens the vault are refused like one", () => {
  lab.open().set(entry("api_key", value));
  lab.close();
  const wrong = `${"a".repeat(64)}\n${"b".repeat(64)}`;
  const keyFile = join(lab.dir, "wrong");
  writeFileSync(keyFile, wrong, { mode: 0o400 });
  expect(() => settleRekey({ keyFile, files: files() })).toThrowError(expect.objectContaining({ code: "forbidden" }));
  expect(reveal(lab.open().get("api_key", "test"))).toBe(value);
});

test("a vault that is not made yet is made under the first of two keys", () => {
  const [present] = readVaultKeys(lab.keyFile);
  stageNextKey(lab.keyFile, generateVaultKey());
  expect(lab.open().keyFingerprint()).toBe(fingerprintOf(present ?? Buffer.alloc(0)));
});

test("neither name nor value can be read in the copy while it is made", () => {
  const vault = lab.open();
  vault.set(entry("very_telling_name", value));
  const next = generateVaultKey();
  stageNextKey(lab.keyFile, next);
  const part = vault.rekeying(next);
  part.stage();
  expect(existsSync(`${lab.file}.next`)).toBe(true);
  for (const text of [value, "very_telling_name", "SQLite format 3"]) expect(lab.bytes().includes(text)).toBe(false);
  part.commit();
  expect(reveal(vault.get("very_telling_name", "test"))).toBe(value);
});
